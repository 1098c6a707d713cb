use crate::aws::Account;
use crate::tf::{Diagnostic, Value};

/// The identity of a standby.
pub(super) fn of(account: Option<&Account>, region: &str, id: &str) -> Value {
    Value::object([
        ("account_id", Value::optional_string(account.map(|account| account.id.as_str()))),
        ("region", region.into()),
        ("id", id.into()),
    ])
}

/// The identity to give back: the stored one as long as it names the same standby, since an
/// identity never changes.
///
/// # Errors
/// A diagnostic where the stored identity names another standby.
pub(super) fn keep(stored: &Value, now: Value) -> Result<Value, Diagnostic> {
    let differs = ["account_id", "region", "id"].into_iter().find(|name| {
        let (before, now) = (stored.get(name), now.get(name));
        before.as_str().is_some() && !now.is_null() && before != now
    });
    match differs {
        None if stored.get("id").as_str().is_some() => Ok(stored.clone()),
        None => Ok(now),
        Some(name) => Err(Diagnostic::error(
            "The standby is not the one that is stored",
            format!(
                "The stored identity says {name} {:?}, but this provider configuration reaches \
                 {name} {:?}. Use the provider configuration with which the standby was created.",
                stored.get(name).as_str().unwrap_or_default(),
                now.get(name).as_str().unwrap_or_default(),
            ),
        )),
    }
}
