use std::thread::{self, JoinHandle};

use terraform_provider_aws_workspaces::sim::{Settings, Simulator, listen};

/// A simulator on a loopback port, served by a thread of its own until this is dropped.
pub(crate) struct Served {
    /// The account itself, to look at and to change behind the API's back.
    pub(crate) simulator: Simulator,
    /// What to give a client as its endpoint.
    pub(crate) url: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    /// Takes a free port.
    pub(crate) fn start(settings: Settings) -> Self {
        let simulator = Simulator::new(settings).expect("the settings are sound");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let any_port = "127.0.0.1:0".parse().expect("an address");
        let listening = runtime.block_on(listen(simulator.clone(), any_port, None));
        let listening = listening.expect("a free port");
        let url = listening.url();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = thread::spawn(move || {
            runtime.block_on(listening.serve(async {
                // An error says that the sender is gone, which is the signal too.
                let _ = stopped.await;
            }));
        });
        Self { simulator, url, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there has been printed.
            let _ = thread.join();
        }
    }
}
