use super::Error;
use super::directory::{CONFIGURATION, Directory};
use super::output::Output;
use super::simulator::DemoSimulator;
use super::terraform::Terraform;
use crate::sim::Stats;

/// The number of steps.
const STEPS: usize = 8;

/// The exit status of `plan -detailed-exitcode` if there are changes.
const CHANGES_PLANNED: i32 = 2;

/// The steps of the demo and their checks.
pub(super) struct Steps<'a> {
    terraform: &'a Terraform,
    simulator: &'a DemoSimulator,
    directory: &'a Directory,
    output: &'a Output,
    step: usize,
    failures: usize,
}

impl<'a> Steps<'a> {
    pub(super) fn new(
        terraform: &'a Terraform,
        simulator: &'a DemoSimulator,
        directory: &'a Directory,
        output: &'a Output,
    ) -> Self {
        Self { terraform, simulator, directory, output, step: 0, failures: 0 }
    }

    /// Runs all steps. Returns whether all checks passed.
    pub(super) async fn run(mut self) -> Result<bool, Error> {
        self.introduce().await?;
        self.init().await?;
        self.validate().await?;
        self.plan().await?;
        self.apply().await?;
        self.plan_again().await?;
        self.update().await?;
        self.drift().await?;
        self.destroy().await?;
        let ending = match self.failures {
            0 => "All checks passed.".to_owned(),
            1 => "1 check failed. It is marked with ✗ above.".to_owned(),
            count => format!("{count} checks failed. They are marked with ✗ above."),
        };
        self.output.heading(&ending)?;
        Ok(self.failures == 0)
    }

    async fn introduce(&self) -> Result<(), Error> {
        let version = self.terraform.version().await?;
        self.output.heading("Standby WorkSpaces without an AWS account")?;
        self.output.text(&format!(
            "{version} runs in {} with the configuration below.\n\
             The simulator at {} replaces AWS. Nothing is sent to AWS.\n\
             Creating a standby takes 2 seconds in the simulator. It takes much longer in AWS.\n\
             │ is the output of Terraform, → an API call, ✓ a check that passed.\n\n",
            self.directory.path().display(),
            self.simulator.url(),
        ))?;
        CONFIGURATION.lines().try_for_each(|line| self.output.quote(line))
    }

    async fn init(&mut self) -> Result<(), Error> {
        self.begin(
            "init",
            "Terraform installs the provider, a copy of this program, from a local directory.",
        )?;
        let run = self.terraform.quoted(&["init"], self.output, |line| line.starts_with("- "));
        // The filter above may have hidden the reason of an error.
        run.await?.expect_unseen(0)?;
        let calls = self.calls()?;
        self.check(calls.operations.is_empty(), "No AWS calls")
    }

    async fn validate(&mut self) -> Result<(), Error> {
        self.begin("validate", "Terraform validates the configuration without AWS.")?;
        self.quoted(&["validate"], 0).await?;
        let calls = self.calls()?;
        self.check(calls.operations.is_empty(), "No AWS calls")
    }

    async fn plan(&mut self) -> Result<(), Error> {
        self.begin(
            "plan",
            "The plan shows what Terraform will create. The provider only checks the credentials.",
        )?;
        let shown = self.quoted(&["plan", "-out=first.tfplan"], 0).await?;
        let calls = self.calls()?;
        self.check(
            shown.contains("2 to add, 0 to change, 0 to destroy"),
            "Plan: 2 standbys to add",
        )?;
        let other = calls.operations.keys().any(|operation| operation != "GetCallerIdentity");
        self.check(!other, "No calls to Amazon WorkSpaces")
    }

    async fn apply(&mut self) -> Result<(), Error> {
        self.begin("apply", "Terraform applies the plan and waits until each standby is ready.")?;
        self.quoted(&["apply", "first.tfplan"], 0).await?;
        let calls = self.calls()?;
        self.check(self.simulator.standbys().len() == 2, "2 standbys exist")?;
        let looks = calls.operation("DescribeWorkspaces");
        self.check(looks.most_identifiers == 2, "One DescribeWorkspaces call polls both standbys")
    }

    async fn plan_again(&mut self) -> Result<(), Error> {
        self.begin("plan", "The configuration has not changed, so the plan is empty.")?;
        self.quoted(&["plan", "-detailed-exitcode"], 0).await?;
        let calls = self.calls()?;
        self.check(true, "No changes")?;
        let regions = calls.operations.values().flat_map(|counts| counts.regions.keys());
        let other = regions.filter(|region| *region != crate::sim::builtin::STANDBY_REGION).count();
        self.check(
            other == 0,
            "Calls to the standby Region only: refresh works while the primary Region is down",
        )
    }

    async fn update(&mut self) -> Result<(), Error> {
        let lines = self.directory.uncomment()?;
        self.begin("apply", "Two lines of main.tf were uncommented:")?;
        lines.into_iter().try_for_each(|line| self.output.text(&format!("    {line}")))?;
        self.output.text("\n")?;
        let before: Vec<String> = self.ids();
        let shown = self.quoted(&["apply", "-auto-approve"], 0).await?;
        let calls = self.calls()?;
        self.check(
            shown.contains("0 added, 2 changed, 0 destroyed"),
            "Both standbys updated in place",
        )?;
        self.check(before == self.ids(), "The WorkSpace IDs are unchanged")?;
        let replicated = |data: &str| data == "PRIMARY_AS_SOURCE";
        self.check(
            self.simulator.standbys().iter().all(|standby| replicated(&standby.data_replication)),
            "Data replication is enabled for both",
        )?;
        self.check(
            calls.operation("CreateTags").calls == 2 && calls.operation("DeleteTags").calls == 0,
            "One tag added to each, none removed",
        )
    }

    async fn drift(&mut self) -> Result<(), Error> {
        let standbys = self.simulator.standbys();
        let lost = standbys.iter().find(|standby| standby.user == "ana");
        if let Some(lost) = lost {
            self.simulator.terminate(lost);
        }
        let id = lost.map(|lost| lost.id.as_str()).unwrap_or_default();
        self.begin("plan", &format!("Ana's standby, {id}, was terminated outside of Terraform."))?;
        let shown = self.quoted(&["plan", "-detailed-exitcode"], CHANGES_PLANNED).await?;
        self.calls()?;
        self.check(shown.contains(id) && lost.is_some(), "Terraform detects that it is gone")?;
        self.check(
            shown.contains("1 to add, 0 to change, 0 to destroy"),
            "Plan: create it again, leave Bo's standby unchanged",
        )
    }

    async fn destroy(&mut self) -> Result<(), Error> {
        self.begin(
            "destroy",
            "Terraform terminates the remaining standby and waits until it is gone.",
        )?;
        self.quoted(&["destroy", "-auto-approve"], 0).await?;
        self.calls()?;
        self.check(self.simulator.standbys().is_empty(), "No standbys exist")
    }

    /// Shows the heading and the description of a step.
    fn begin(&mut self, command: &str, about: &str) -> Result<(), Error> {
        self.step += 1;
        let name = self.terraform.name();
        self.output.heading(&format!("{}/{STEPS}  {name} {command}", self.step))?;
        self.output.text(about)?;
        self.output.text("\n")
    }

    async fn quoted(&self, arguments: &[&str], expected: i32) -> Result<String, Error> {
        let run = self.terraform.quoted(arguments, self.output, |_| true).await?;
        run.expect(expected)
    }

    /// Shows the API calls of a step.
    fn calls(&self) -> Result<Stats, Error> {
        let stats = self.simulator.calls_since();
        self.output.text("\n")?;
        for (operation, counts) in &stats.operations {
            let calls = counts.calls;
            let mut text = format!("  → {operation} {calls}×");
            if counts.identifiers > calls {
                text.push_str(&format!(", {} IDs", counts.identifiers));
            }
            let regions: Vec<&str> = counts.regions.keys().map(String::as_str).collect();
            self.output.text(&format!("{text}, in {}", regions.join(" and ")))?;
        }
        Ok(stats)
    }

    fn check(&mut self, passed: bool, what: &str) -> Result<(), Error> {
        self.failures += usize::from(!passed);
        self.output.check(passed, what)
    }

    fn ids(&self) -> Vec<String> {
        self.simulator.standbys().into_iter().map(|standby| standby.id).collect()
    }
}
