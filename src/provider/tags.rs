use std::collections::{BTreeMap, BTreeSet};

use crate::tf::Value;

/// What the provider block says about the tags of all resources, after hashicorp/aws.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TagSettings {
    /// Tags that every resource gets unless it sets the same key itself; none where they are not
    /// known yet.
    pub(super) defaults: Option<BTreeMap<String, String>>,
    /// Keys of tags that are somebody else's business.
    pub(super) ignored_keys: BTreeSet<String>,
    /// The beginnings of such keys.
    pub(super) ignored_prefixes: Vec<String>,
}

impl TagSettings {
    /// Whether a tag is left alone: AWS's own, or one that the provider block ignores.
    pub(super) fn ignores(&self, key: &str) -> bool {
        key.starts_with("aws:")
            || self.ignored_keys.contains(key)
            || self.ignored_prefixes.iter().any(|prefix| key.starts_with(prefix))
    }

    /// The value planned for `tags_all`: the defaults overlaid by the resource's own tags; unknown
    /// where any of them is.
    pub(super) fn planned_all(&self, tags: &Value) -> Value {
        let Some(defaults) = &self.defaults else { return Value::Unknown };
        if !tags.is_wholly_known() {
            return Value::Unknown;
        }
        let mut all = defaults.clone();
        all.extend(to_map(tags));
        all.retain(|key, _| !self.ignores(key));
        from_map(&all)
    }

    /// What `tags_all` is, given all tags that AWS reports.
    pub(super) fn all_of(
        &self,
        mut reported: BTreeMap<String, String>,
    ) -> BTreeMap<String, String> {
        reported.retain(|key, _| !self.ignores(key));
        reported
    }

    /// What `tags` is, given `tags_all` and what `tags` was: what does not merely repeat a default,
    /// unless the resource repeats it itself. No tags at all stay null, or an empty map, as they were.
    pub(super) fn own_of(&self, all: &BTreeMap<String, String>, prior: &Value) -> Value {
        let set_before = to_map(prior);
        let none = BTreeMap::new();
        let defaults = self.defaults.as_ref().unwrap_or(&none);
        let own: BTreeMap<String, String> = all
            .iter()
            .filter(|(key, value)| {
                defaults.get(*key) != Some(value) || set_before.contains_key(*key)
            })
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if own.is_empty() && prior.is_null() { Value::Null } else { from_map(&own) }
    }
}

/// The known texts of a map of strings; anything else is an empty map.
pub(super) fn to_map(value: &Value) -> BTreeMap<String, String> {
    let entries = value.as_entries().into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// A map of strings as a value.
pub(super) fn from_map(map: &BTreeMap<String, String>) -> Value {
    Value::map(map.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
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
        let tags = from_map(&map(&[("env", "test"), ("scan/last", "today"), ("a", "1")]));
        let all = from_map(&map(&[("team", "desktops"), ("env", "test"), ("a", "1")]));
        assert_eq!(settings().planned_all(&tags), all);
    }

    #[test]
    fn an_unknown_tag_or_default_makes_all_unknown() {
        let tags = Value::map([("a", Value::Unknown)]);
        assert_eq!(settings().planned_all(&tags), Value::Unknown);
        assert_eq!(settings().planned_all(&Value::Unknown), Value::Unknown);
        let unknown = TagSettings { defaults: None, ..settings() };
        assert_eq!(unknown.planned_all(&Value::Null), Value::Unknown);
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
            (Value::Null, map(&[("a", "1")])),
            (from_map(&map(&[("a", "1")])), map(&[("a", "1")])),
            // The resource repeats a default: it stays the resource's, so there is no difference.
            (from_map(&map(&[("a", "1"), ("env", "prod")])), map(&[("a", "1"), ("env", "prod")])),
        ] {
            assert_eq!(settings().own_of(&all, &prior), from_map(&own), "prior {prior:?}");
        }
    }

    #[test]
    fn no_tags_stay_null_or_empty_as_they_were() {
        let all = map(&[("team", "desktops"), ("env", "prod")]);
        assert_eq!(settings().own_of(&all, &Value::Null), Value::Null);
        assert_eq!(settings().own_of(&all, &from_map(&map(&[]))), from_map(&map(&[])));
    }
}
