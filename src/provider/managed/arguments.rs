use std::time::Duration;

use crate::provider::attr::Attr;
use crate::provider::region::REGION;
use crate::tf::{Attribute, Type, Validator, duration};

/// An argument that must be the name of a Region.
pub(in crate::provider) fn region(argument: Attribute) -> Attribute {
    argument.validator(Validator::Pattern(REGION, "a Region such as `eu-west-1`"))
}

/// An argument that must be the id of a directory.
pub(in crate::provider) fn directory(argument: Attribute) -> Attribute {
    argument.validator(Validator::Pattern(
        "^(d-[0-9a-f]{8,63}|wsd-[0-9a-z]{8,63})$",
        "a directory ID such as `d-90670a1b2c`",
    ))
}

/// An argument of a `timeouts` block.
pub(in crate::provider) fn timeout(name: &'static str, description: &'static str) -> Attribute {
    // Less is a mistake in the unit: no operation ends within a second.
    const LEAST: Duration = Duration::from_secs(1);
    Attribute::optional(name, Type::String, description).validator(Validator::Duration(LEAST))
}

/// A timeout of a `timeouts` block, or the default.
pub(in crate::provider) fn timeout_of<T>(
    timeouts: &Attr<T>,
    which: impl Fn(&T) -> &Attr<String>,
    default: Duration,
) -> Duration {
    let configured = timeouts.known().and_then(|timeouts| which(timeouts).as_str());
    configured.and_then(|text| duration::parse(text).ok()).unwrap_or(default)
}
