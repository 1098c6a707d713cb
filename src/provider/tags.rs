use std::collections::{BTreeMap, BTreeSet};

use crate::provider::attr::{Attr, Tags};

/// The tag settings of the provider block, as in hashicorp/aws.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TagSettings {
    /// Tags of every resource that does not set the same key itself; absent while they are unknown.
    pub(super) defaults: Option<BTreeMap<String, String>>,
    /// Keys of tags to ignore.
    pub(super) ignored_keys: BTreeSet<String>,
    /// Key prefixes of tags to ignore.
    pub(super) ignored_prefixes: Vec<String>,
}

impl TagSettings {
    /// Whether a tag is ignored: a system tag of AWS, or one that the provider block ignores.
    pub(super) fn ignores(&self, key: &str) -> bool {
        key.starts_with("aws:")
            || self.ignored_keys.contains(key)
            || self.ignored_prefixes.iter().any(|prefix| key.starts_with(prefix))
    }

    /// The planned `tags_all`: the defaults overlaid by the resource's own tags; unknown if any of
    /// them is.
    pub(super) fn planned_all(&self, tags: &Attr<Tags>) -> Attr<Tags> {
        let Some(defaults) = self.defaults.as_ref().filter(|_| tags.is_wholly_known()) else {
            return Attr::Unknown;
        };
        let mut all = defaults.clone();
        all.extend(to_map(tags));
        all.retain(|key, _| !self.ignores(key));
        Attr::Known(from_map(&all))
    }

    /// `tags_all`, from all tags that AWS reports.
    pub(super) fn all_of(
        &self,
        mut reported: BTreeMap<String, String>,
    ) -> BTreeMap<String, String> {
        reported.retain(|key, _| !self.ignores(key));
        reported
    }

    /// `tags`, from `tags_all` and the prior `tags`: everything but tags that only repeat a default,
    /// unless the resource sets them too. While the defaults are unknown, any other tag may be one of
    /// them.
    ///
    /// Null tags and ignored tags stay as they were. No tags stay null, or an empty map, as before.
    pub(super) fn own_of(&self, all: &BTreeMap<String, String>, prior: &Attr<Tags>) -> Attr<Tags> {
        let set_before = to_map(prior);
        let is_own = |key: &str, value: &str| {
            let defaults = self.defaults.as_ref();
            set_before.contains_key(key)
                || defaults.is_some_and(|defaults| defaults.get(key).is_none_or(|one| one != value))
        };
        let reported = all.iter().filter(|(key, value)| is_own(key, value));
        let mut own: Tags =
            reported.map(|(key, value)| (key.clone(), Attr::Known(value.clone()))).collect();
        for (key, value) in prior.known().into_iter().flatten() {
            if value.is_null() || self.ignores(key) {
                own.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        if own.is_empty() && prior.is_null() { Attr::Null } else { Attr::Known(own) }
    }

    /// The keys of `tags` that are ignored, and so never reach AWS.
    pub(super) fn ignored_of(&self, tags: &Attr<Tags>) -> Vec<String> {
        to_map(tags).into_keys().filter(|key| self.ignores(key)).collect()
    }
}

/// The known tags without nulls; none where the attribute itself is null or unknown.
pub(super) fn to_map(tags: &Attr<Tags>) -> BTreeMap<String, String> {
    let entries = tags.known().into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.clone(), value.known()?.clone()))).collect()
}

/// Tags as an attribute.
pub(super) fn from_map(map: &BTreeMap<String, String>) -> Tags {
    map.iter().map(|(key, value)| (key.clone(), Attr::Known(value.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn attr(map: &BTreeMap<String, String>) -> Attr<Tags> {
        Attr::Known(from_map(map))
    }

    fn settings() -> TagSettings {
        TagSettings {
            defaults: Some(map(&[("team", "desktops"), ("env", "prod")])),
            ignored_keys: ["patched".to_owned()].into(),
            ignored_prefixes: vec!["scan/".to_owned()],
        }
    }

    #[test]
    fn own_tags_overlay_the_defaults_and_ignored_ones_are_left_out() {
        let tags = attr(&map(&[("env", "test"), ("scan/last", "today"), ("a", "1")]));
        let all = attr(&map(&[("team", "desktops"), ("env", "test"), ("a", "1")]));
        assert_eq!(settings().planned_all(&tags), all);
    }

    #[test]
    fn an_unknown_tag_or_default_makes_all_unknown() {
        let tags = Attr::Known(Tags::from([("a".to_owned(), Attr::Unknown)]));
        assert_eq!(settings().planned_all(&tags), Attr::Unknown);
        assert_eq!(settings().planned_all(&Attr::Unknown), Attr::Unknown);
        let unknown = TagSettings { defaults: None, ..settings() };
        assert_eq!(unknown.planned_all(&Attr::Null), Attr::Unknown);
    }

    #[test]
    fn what_is_read_gives_back_what_was_configured() {
        let reported = map(&[
            ("aws:cloudformation:stack-id", "x"),
            ("patched", "yes"),
            ("scan/last", "today"),
            ("team", "desktops"),
            ("env", "prod"),
            ("a", "1"),
        ]);
        let all = settings().all_of(reported);
        assert_eq!(all, map(&[("team", "desktops"), ("env", "prod"), ("a", "1")]));
        for (prior, own) in [
            (Attr::Null, map(&[("a", "1")])),
            (attr(&map(&[("a", "1")])), map(&[("a", "1")])),
            // The resource repeats a default: it stays the resource's, so there is no difference.
            (attr(&map(&[("a", "1"), ("env", "prod")])), map(&[("a", "1"), ("env", "prod")])),
        ] {
            assert_eq!(settings().own_of(&all, &prior), attr(&own), "prior {prior:?}");
        }
    }

    #[test]
    fn no_tags_stay_null_or_empty_as_they_were() {
        let all = map(&[("team", "desktops"), ("env", "prod")]);
        assert_eq!(settings().own_of(&all, &Attr::Null), Attr::Null);
        assert_eq!(settings().own_of(&all, &attr(&map(&[]))), attr(&map(&[])));
    }

    #[test]
    fn null_and_ignored_tags_stay_as_they_were() {
        let tags = |entries: &[(&str, Option<&str>)]| {
            let attr = |value: &Option<&str>| {
                value.map_or(Attr::Null, |text| Attr::Known(text.to_owned()))
            };
            Attr::Known(
                entries.iter().map(|(key, value)| ((*key).to_owned(), attr(value))).collect(),
            )
        };
        let prior = tags(&[("a", Some("1")), ("owner", None), ("patched", Some("by hand"))]);
        assert_eq!(settings().own_of(&map(&[("a", "1"), ("team", "desktops")]), &prior), prior);
        // A null tag does not unset a default.
        let default = tags(&[("team", None)]);
        assert_eq!(settings().own_of(&map(&[("team", "desktops")]), &default), default);
        let set = map(&[("a", "1"), ("owner", "ana")]);
        let with_owner =
            tags(&[("a", Some("1")), ("owner", Some("ana")), ("patched", Some("by hand"))]);
        assert_eq!(settings().own_of(&set, &prior), with_owner);
        assert_eq!(settings().ignored_of(&prior), ["patched"]);
        let all = attr(&map(&[("team", "desktops"), ("env", "prod"), ("a", "1")]));
        assert_eq!(settings().planned_all(&prior), all);
    }

    #[test]
    fn unknown_defaults_are_not_taken_for_tags_of_the_resource() {
        let unknown = TagSettings { defaults: None, ..settings() };
        let all = map(&[("team", "desktops"), ("a", "1")]);
        let own = attr(&map(&[("a", "1")]));
        assert_eq!(unknown.own_of(&all, &own), own);
        assert_eq!(unknown.own_of(&all, &Attr::Null), Attr::Null);
    }
}
