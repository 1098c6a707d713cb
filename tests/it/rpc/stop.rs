//! StopProvider.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use terraform_provider_aws_workspaces::rpc::proto::stop_provider;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::tf::Value;

use super::session::Session;
use crate::support::requests::{Stored, errors, no_errors, warnings};

/// How soon a call that was stopped must end.
const PROMPTLY: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_stop_ends_an_apply_with_what_it_has_and_the_process_serves_on() {
    let slow = Settings { provisioning: Duration::from_secs(3600), ..Settings::default() };
    let session = Session::with(slow).await;
    let config = session.config();
    let planned = session.core.plan(&Stored::absent(), &config).await;
    let (core, prior) = (session.core.clone(), Stored::absent());
    let applying = tokio::spawn(async move { core.apply(&prior, &planned, &config).await });
    let id = session.standby_made().await;

    let stopped = Instant::now();
    stop(&session).await;
    stop(&session).await;
    let answer = applying.await.expect("the apply is answered");
    assert!(stopped.elapsed() < PROMPTLY, "{:?}", stopped.elapsed());
    assert_eq!(errors(&answer.diagnostics), no_errors(), "nothing is tainted");
    assert_eq!(warnings(&answer.diagnostics).len(), 1);
    // The id may have been on its way when the stop came; once it has arrived it is never lost.
    if !answer.stored.state.is_null() {
        assert_eq!(*answer.stored.state.get("id"), Value::from(id.as_str()));
        assert!(answer.stored.state.is_wholly_known());
    }

    let read = session.core.read(&session.stored(&id)).await.succeeded();
    assert_eq!(*read.state.get("state"), Value::from("PENDING"));
}

#[tokio::test]
async fn a_signal_that_ends_the_process_lets_an_apply_give_back_its_id() {
    let slow = Settings { provisioning: Duration::from_secs(3600), ..Settings::default() };
    for signal in [Signal::TERM, Signal::HUP] {
        let session = Session::with(slow.clone()).await;
        let config = session.config();
        let planned = session.core.plan(&Stored::absent(), &config).await;
        let (core, prior) = (session.core.clone(), Stored::absent());
        let applying = tokio::spawn(async move { core.apply(&prior, &planned, &config).await });
        let id = session.standby_made().await;
        session.terraform.process.signal(signal);
        let answer = applying.await.expect("the apply is answered");
        assert_eq!(errors(&answer.diagnostics), no_errors(), "nothing is tainted");
        assert_eq!(*answer.stored.state.get("id"), Value::from(id.as_str()));
        // Terraform does not know of the signal, and calls on: it is told so each time.
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let read = session.core.read(&answer.stored).await;
            assert_eq!(errors(&read.diagnostics).len(), 1, "{:?}", read.diagnostics);
            assert_eq!(read.stored, answer.stored);
        }
    }
}

#[tokio::test]
async fn a_stop_ends_a_read_with_what_was_stored() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    session.break_with(&["*:slow=1h:1"]);
    session.simulator.reset_stats();
    let (core, stored) = (session.core.clone(), created.clone());
    let reading = tokio::spawn(async move { core.read(&stored).await });
    while session.calls() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let stopped = Instant::now();
    stop(&session).await;
    let answer = reading.await.expect("the read is answered");
    assert!(stopped.elapsed() < PROMPTLY, "{:?}", stopped.elapsed());
    assert_eq!(errors(&answer.diagnostics).len(), 1);
    assert_eq!(answer.stored, created);
}

#[tokio::test]
async fn a_stop_while_nothing_happens_changes_nothing() {
    let session = Session::start().await;
    stop(&session).await;
    let created = session.create(&session.config()).await;
    assert_eq!(errors(&session.core.read(&created).await.diagnostics), no_errors());
}

async fn stop(session: &Session) {
    let answer = session
        .core
        .client
        .clone()
        .stop_provider(stop_provider::Request {})
        .await
        .expect("OK")
        .into_inner();
    assert_eq!(answer.error, "");
}
