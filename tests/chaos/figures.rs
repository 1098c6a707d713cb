//! What is counted.

use std::iter::Sum;

/// Counts of one trial, or of many.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) trials: usize,
    /// Standbys that exist after the signal.
    pub(crate) live: usize,
    /// Of these: in the state and not tainted.
    pub(crate) kept: usize,
    /// In the state, and Terraform would destroy it next.
    pub(crate) tainted: usize,
    /// Not in the state, and named by one error.
    pub(crate) named: usize,
    /// Not in the state, and named by more than one error, so that none tells whose it is.
    pub(crate) ambiguous: usize,
    /// Named nowhere.
    pub(crate) unnamed: usize,
    /// Primaries with more than one standby.
    pub(crate) duplicates: usize,
    /// In the state, and existing nowhere.
    pub(crate) phantoms: usize,
    /// Runs that did not end.
    pub(crate) hangs: usize,
    /// Runs in which Terraform could not reach the provider.
    pub(crate) unanswered: usize,
    /// Plans after the signal that were errors.
    pub(crate) plan_errors: usize,
    /// Next runs after which nothing was left to do.
    pub(crate) healed: usize,
    /// Standbys that the next run replaced.
    pub(crate) replaced: usize,
}

impl Figures {
    pub(crate) const HEADING: &str = "signal                 trials   live   kept tainted  named \
                                      ambiguous unnamed  twins phantom  hangs unanswered \
                                      plan-errors healed replaced";

    pub(crate) fn row(&self, name: &str) -> String {
        let Self { trials, live, kept, tainted, named, ambiguous, unnamed, .. } = self;
        let Self { duplicates, phantoms, hangs, unanswered, plan_errors, .. } = self;
        let Self { healed, replaced, .. } = self;
        format!(
            "{name:<22} {trials:>6} {live:>6} {kept:>6} {tainted:>7} {named:>6} {ambiguous:>9} \
             {unnamed:>7} {duplicates:>6} {phantoms:>7} {hangs:>6} {unanswered:>10} \
             {plan_errors:>11} {healed:>6} {replaced:>8}"
        )
    }
}

impl Sum for Figures {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            trials: sum.trials + one.trials,
            live: sum.live + one.live,
            kept: sum.kept + one.kept,
            tainted: sum.tainted + one.tainted,
            named: sum.named + one.named,
            ambiguous: sum.ambiguous + one.ambiguous,
            unnamed: sum.unnamed + one.unnamed,
            duplicates: sum.duplicates + one.duplicates,
            phantoms: sum.phantoms + one.phantoms,
            hangs: sum.hangs + one.hangs,
            unanswered: sum.unanswered + one.unanswered,
            plan_errors: sum.plan_errors + one.plan_errors,
            healed: sum.healed + one.healed,
            replaced: sum.replaced + one.replaced,
        })
    }
}
