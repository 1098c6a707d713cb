use crate::provider::attr::{Attr, Field};
use crate::tf::{Diagnostic, IdentityAttribute, Type};

/// The attributes with which every identity begins: the account and the Region. Both have a default,
/// so an import can leave them out.
pub(in crate::provider) fn account_and_region(
    account: &'static str,
    region: &'static str,
) -> [IdentityAttribute; 2] {
    [("account_id", account), ("region", region)].map(|(name, description)| IdentityAttribute {
        name,
        ty: Type::String,
        required_for_import: false,
        description,
    })
}

/// An attribute that an import must name.
pub(in crate::provider) fn required(
    name: &'static str,
    description: &'static str,
) -> IdentityAttribute {
    IdentityAttribute { name, ty: Type::String, required_for_import: true, description }
}

/// The identity to return: the stored one if it names the same resource, since an identity never
/// changes. `noun` is what it names, `key` the attribute that every stored identity has.
///
/// # Errors
/// A diagnostic if the stored identity names another resource.
pub(in crate::provider) fn keep<I: Field>(
    stored: &Attr<I>,
    now: I,
    noun: &str,
    key: &str,
) -> Result<I, Diagnostic> {
    let Some(stored) = stored.known() else { return Ok(now) };
    let (before, after) = (stored.encode(), now.encode());
    if before.get(key).as_str().is_none() {
        return Ok(now);
    }
    for (name, after) in after.as_entries().into_iter().flatten() {
        if let (Some(before), Some(after)) = (before.get(name).as_str(), after.as_str())
            && before != after
        {
            return Err(Diagnostic::error(
                format!("The {noun} differs from the stored one"),
                format!(
                    "The stored identity has {name} {before:?}, but the {noun} that AWS shows has \
                     {name} {after:?}. If the state was edited, restore it from a backup. Otherwise \
                     use the provider configuration that created the {noun}."
                ),
            ));
        }
    }
    Ok(stored.clone())
}

#[cfg(test)]
pub(in crate::provider) mod tests {
    use super::*;
    use crate::provider::attr::tests::assert_fits;
    use crate::tf::{Attribute, Block, IdentitySchema, Mode};

    /// Fails unless the model holds every attribute of the identity and nothing else.
    pub(in crate::provider) fn assert_identity_fits<T: Field + Default>(schema: &IdentitySchema) {
        let attributes = schema.attributes.iter();
        let attributes = attributes
            .map(|one| Attribute::new(one.name, one.ty.clone(), Mode::Optional, one.description));
        assert_fits::<T>(&Block { attributes: attributes.collect(), ..Block::default() });
    }
}
