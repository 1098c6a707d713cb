//! Servers that run beside a test.

use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

/// A server with a thread and a runtime of its own, which may not be started within another, until this
/// is dropped.
pub(crate) struct Background {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Starts a server, and returns what it tells once it listens, such as its address. The server ends
    /// when the receiver resolves; an error says that the sender is gone, which is the signal too.
    pub(crate) fn start<T, F>(
        serve: impl FnOnce(mpsc::Sender<T>, oneshot::Receiver<()>) -> F + Send + 'static,
    ) -> (Self, T)
    where
        T: Send + 'static,
        F: Future<Output = ()>,
    {
        let (stop, stopped) = oneshot::channel();
        let (told, listening) = mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(serve(told, stopped));
        });
        let told = listening.recv().expect("the server listens");
        (Self { stop: Some(stop), thread: Some(thread) }, told)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there has been printed.
            let _ = thread.join();
        }
    }
}
