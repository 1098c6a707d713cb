use crate::aws::{Accepted, NewStandby, Region, WorkSpace};
use crate::provider::attr::{Attr, Field};
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::visibility::Visibility;
use crate::provider::session::Session;
use crate::provider::standby::identity::Identity;
use crate::provider::standby::model::{Standby, Stored};
use crate::provider::standby::private::{Key, Private};
use crate::tf::Diagnostics;

/// A standby from the moment its id is known.
pub(super) struct Created<'a> {
    pub(super) session: &'a Session,
    pub(super) region: Region,
    pub(super) new: NewStandby,
    pub(super) id: String,
    /// Whether it existed before.
    pub(super) is_adopted: bool,
    /// The planned state, unknown values included.
    pub(super) planned: Standby,
    /// What is known so far.
    actual: Stored,
}

impl<'a> Created<'a> {
    /// A standby whose creation AWS has accepted.
    pub(super) fn accepted(
        session: &'a Session,
        region: Region,
        new: NewStandby,
        planned: Standby,
        accepted: &Accepted,
    ) -> Self {
        let mut created = Self::new(session, region, new, planned, &accepted.id);
        created.actual.state.state = accepted.state.as_deref().into();
        created.actual.state.user_name = accepted.user_name.as_deref().into();
        created
    }

    /// A standby that existed before.
    pub(super) fn adopted(
        session: &'a Session,
        region: Region,
        new: NewStandby,
        planned: Standby,
        existing: &WorkSpace,
    ) -> Self {
        let mut created = Self::new(session, region, new, planned, &existing.id);
        created.is_adopted = true;
        created.refresh(existing);
        created
    }

    fn new(
        session: &'a Session,
        region: Region,
        new: NewStandby,
        planned: Standby,
        id: &str,
    ) -> Self {
        let account = session.known_account();
        let mut state = Standby { id: id.into(), ..planned.clone().settled(None) };
        state.locate(account, region.name(), id);
        let key = new.volume_encryption_key.clone();
        let key = key.map(|configured| Key { configured, reported: None });
        let private = Private { visibility: Visibility::unseen(session.clock.now()), key };
        let identity = Attr::Known(Identity::new(account, region.name(), id));
        let actual = Stored { state, private, identity };
        Self { session, region, new, id: id.to_owned(), is_adopted: false, planned, actual }
    }

    /// Adds what depends on the account. Kept apart because it may take a call.
    pub(super) async fn learn_account(&mut self) {
        let account = self.session.account().await;
        let region = self.region.name();
        self.actual.state.locate(account.as_ref(), region, &self.id);
        self.actual.identity = Attr::Known(Identity::new(account.as_ref(), region, &self.id));
    }

    /// Takes over what AWS shows.
    pub(super) fn refresh(&mut self, workspace: &WorkSpace) {
        self.actual.private.visibility.seen();
        self.actual.state.refresh(workspace, &mut self.actual.private);
    }

    /// What is known so far, without regard to what is planned.
    pub(super) fn actual(&self) -> &Standby {
        &self.actual.state
    }

    pub(super) fn instance(&self) -> Instance {
        let state = self.planned.clone().settled(Some(&self.actual.state));
        Stored { state, ..self.actual.clone() }.encode()
    }

    pub(super) fn finish(self, diagnostics: Diagnostics) -> Outcome {
        tracing::debug!(
            id = self.id,
            at = %self.session.clock.now(),
            failed = diagnostics.has_errors(),
            adopted = self.is_adopted,
            "standby created"
        );
        Outcome { instance: self.instance(), diagnostics }
    }
}
