use super::Error;
use super::cloud::Cloud;
use super::folder::{CONFIGURATION, Folder};
use super::narrator::Narrator;
use super::terraform::Terraform;
use crate::sim::Stats;

/// How many steps are told.
const STEPS: usize = 8;

/// The exit status of `plan -detailed-exitcode` when there is something to do.
const CHANGES_PLANNED: i32 = 2;

/// The steps, and what has to hold after each.
pub(super) struct Story<'a> {
    terraform: &'a Terraform,
    cloud: &'a Cloud,
    folder: &'a Folder,
    narrator: &'a Narrator,
    step: usize,
    failures: usize,
}

impl<'a> Story<'a> {
    pub(super) fn new(
        terraform: &'a Terraform,
        cloud: &'a Cloud,
        folder: &'a Folder,
        narrator: &'a Narrator,
    ) -> Self {
        Self { terraform, cloud, folder, narrator, step: 0, failures: 0 }
    }

    /// Tells all of it, and whether all held.
    pub(super) async fn tell(mut self) -> Result<bool, Error> {
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
            0 => "All held.".to_owned(),
            1 => "One thing did not hold; it is marked ✗ above.".to_owned(),
            count => format!("{count} things did not hold; they are marked ✗ above."),
        };
        self.narrator.heading(&ending)?;
        Ok(self.failures == 0)
    }

    async fn introduce(&self) -> Result<(), Error> {
        let version = self.terraform.version().await?;
        self.narrator.heading("Standby WorkSpaces, with no AWS account")?;
        self.narrator.say(&format!(
            "{version} works in {} with the configuration below.\n\
             Amazon WorkSpaces is simulated at {}; nothing leaves this machine.\n\
             There, a standby takes 2 seconds to be made; at AWS it takes much longer.\n\
             Below, │ is Terraform, → what AWS was asked in a step, ✓ what was found to hold.\n\n",
            self.folder.path().display(),
            self.cloud.url(),
        ))?;
        CONFIGURATION.lines().try_for_each(|line| self.narrator.quote(line))
    }

    async fn init(&mut self) -> Result<(), Error> {
        self.begin("init", "Terraform finds the provider, a copy of this program, in a folder.")?;
        let run = self.terraform.quoted(&["init"], self.narrator, |line| line.starts_with("- "));
        let run = run.await?;
        if !run.succeeded() {
            // What was left out above may be the reason.
            run.text.lines().try_for_each(|line| self.narrator.quote(line))?;
        }
        run.expect(0)?;
        let calls = self.calls()?;
        self.check(calls.operations.is_empty(), "AWS was not asked")
    }

    async fn validate(&mut self) -> Result<(), Error> {
        self.begin("validate", "The configuration is checked as far as that goes without AWS.")?;
        self.quoted(&["validate"], 0).await?;
        let calls = self.calls()?;
        self.check(calls.operations.is_empty(), "AWS was not asked")
    }

    async fn plan(&mut self) -> Result<(), Error> {
        self.begin("plan", "What would be made. Only the credentials are tried out.")?;
        let shown = self.quoted(&["plan", "-out=first.tfplan"], 0).await?;
        let calls = self.calls()?;
        self.check(shown.contains("2 to add, 0 to change, 0 to destroy"), "two standbys to add")?;
        let asked = calls.operations.keys().any(|operation| operation != "GetCallerIdentity");
        self.check(!asked, "Amazon WorkSpaces was not asked")
    }

    async fn apply(&mut self) -> Result<(), Error> {
        self.begin(
            "apply",
            "That plan is carried out, and each standby awaited until it is ready.",
        )?;
        self.quoted(&["apply", "first.tfplan"], 0).await?;
        let calls = self.calls()?;
        self.check(self.cloud.standbys().len() == 2, "there are two standbys")?;
        let looks = calls.operation("DescribeWorkspaces");
        self.check(
            looks.most_identifiers == 2,
            "both were awaited together: one look at AWS serves all who wait",
        )
    }

    async fn plan_again(&mut self) -> Result<(), Error> {
        self.begin("plan", "Nothing was changed, so nothing must be planned.")?;
        self.quoted(&["plan", "-detailed-exitcode"], 0).await?;
        let calls = self.calls()?;
        self.check(true, "nothing to do")?;
        let asked = calls.operations.values().flat_map(|counts| counts.regions.keys());
        let abroad = asked.filter(|region| *region != crate::sim::builtin::STANDBY_REGION).count();
        self.check(
            abroad == 0,
            "only the standby Region was asked, so this works while the other is down",
        )
    }

    async fn update(&mut self) -> Result<(), Error> {
        let lines = self.folder.change()?;
        self.begin("apply", "Two lines of main.tf are no comments any more:")?;
        lines.into_iter().try_for_each(|line| self.narrator.say(&format!("    {line}")))?;
        self.narrator.say("\n")?;
        let before: Vec<String> = self.ids();
        let shown = self.quoted(&["apply", "-auto-approve"], 0).await?;
        let calls = self.calls()?;
        self.check(shown.contains("0 added, 2 changed, 0 destroyed"), "both changed in place")?;
        self.check(before == self.ids(), "they are the same WorkSpaces as before")?;
        let replicated = |data: &str| data == "PRIMARY_AS_SOURCE";
        self.check(
            self.cloud.standbys().iter().all(|standby| replicated(&standby.data_replication)),
            "AWS replicates data to both",
        )?;
        self.check(
            calls.operation("CreateTags").calls == 2 && calls.operation("DeleteTags").calls == 0,
            "a tag was added to each, and none removed",
        )
    }

    async fn drift(&mut self) -> Result<(), Error> {
        let standbys = self.cloud.standbys();
        let lost = standbys.iter().find(|standby| standby.user == "ana");
        if let Some(lost) = lost {
            self.cloud.terminate(lost);
        }
        let id = lost.map(|lost| lost.id.as_str()).unwrap_or_default();
        self.begin(
            "plan",
            &format!("Meanwhile Ana's standby, {id}, was terminated outside Terraform: drift."),
        )?;
        let shown = self.quoted(&["plan", "-detailed-exitcode"], CHANGES_PLANNED).await?;
        self.calls()?;
        self.check(shown.contains(id) && lost.is_some(), "Terraform tells that it is gone")?;
        self.check(
            shown.contains("1 to add, 0 to change, 0 to destroy"),
            "it would be made again, and Bo's is left alone",
        )
    }

    async fn destroy(&mut self) -> Result<(), Error> {
        self.begin("destroy", "What is left is terminated, and awaited until it is gone.")?;
        self.quoted(&["destroy", "-auto-approve"], 0).await?;
        self.calls()?;
        self.check(self.cloud.standbys().is_empty(), "no standby is left")
    }

    /// The heading of a step and what it is about.
    fn begin(&mut self, command: &str, about: &str) -> Result<(), Error> {
        self.step += 1;
        let name = self.terraform.name();
        self.narrator.heading(&format!("{}/{STEPS}  {name} {command}", self.step))?;
        self.narrator.say(about)?;
        self.narrator.say("\n")
    }

    async fn quoted(&self, arguments: &[&str], expected: i32) -> Result<String, Error> {
        let run = self.terraform.quoted(arguments, self.narrator, |_| true).await?;
        run.expect(expected)
    }

    /// Tells what AWS was asked during the step.
    fn calls(&self) -> Result<Stats, Error> {
        let stats = self.cloud.calls_since();
        self.narrator.say("\n")?;
        for (operation, counts) in &stats.operations {
            let calls = counts.calls;
            let mut text = format!("  → {operation} {calls}×");
            if counts.identifiers > calls {
                text.push_str(&format!(", for {} ids", counts.identifiers));
            }
            let regions: Vec<&str> = counts.regions.keys().map(String::as_str).collect();
            self.narrator.say(&format!("{text}, in {}", regions.join(" and ")))?;
        }
        Ok(stats)
    }

    fn check(&mut self, held: bool, what: &str) -> Result<(), Error> {
        self.failures += usize::from(!held);
        self.narrator.verdict(held, what)
    }

    fn ids(&self) -> Vec<String> {
        self.cloud.standbys().into_iter().map(|standby| standby.id).collect()
    }
}
