use serde_json::Value;

use super::stage::{Ran, Stage};

/// What a user has: variables, files below the home, and a provider block.
#[derive(Clone)]
pub(super) struct Case<'a> {
    pub(super) variables: Vec<(&'a str, &'a str)>,
    pub(super) files: Vec<(&'a str, &'a str)>,
    pub(super) block: Value,
}

impl<'a> Case<'a> {
    pub(super) fn new(
        variables: &[(&'a str, &'a str)],
        files: &[(&'a str, &'a str)],
        block: Value,
    ) -> Self {
        Self { variables: variables.to_vec(), files: files.to_vec(), block }
    }

    pub(super) fn stage(&self) -> (Stage, Value) {
        let mut stage = Stage::new();
        let url = stage.cloud.url.clone();
        let home = stage.home().to_str().unwrap().to_owned();
        let filled = |text: &str| text.replace("URL:", &url).replace("HOME/", &format!("{home}/"));
        for (name, text) in &self.files {
            stage.file(name, &filled(text));
        }
        for (name, value) in &self.variables {
            stage = stage.with(name, &filled(value));
        }
        let block = serde_json::from_str(&filled(&self.block.to_string())).unwrap();
        (stage, block)
    }

    /// Runs, and gives what came of it and who signed the calls.
    pub(super) async fn run(&self) -> (Ran, Stage) {
        let (stage, block) = self.stage();
        (stage.run(block).await, stage)
    }

    /// Must go well, signed with this key.
    pub(super) async fn signs(&self, key: &str) {
        let (ran, stage) = self.run().await;
        ran.succeeded();
        assert_eq!(stage.signer(), key, "{:?} {:?}", self.variables, self.files);
    }

    /// Must fail with one error that says all of this, without a call.
    pub(super) async fn fails(&self, path: &str, parts: &[&str]) {
        let (ran, stage) = self.run().await;
        ran.refused(path, parts);
        assert_eq!(stage.cloud.all_calls(), 0, "{:?} {:?}", self.variables, self.files);
    }
}
