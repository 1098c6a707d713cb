use crate::aws::config::access::identity::{
    Base, Container, ContainerToken, Keys, ProfileIdentity,
};
use crate::aws::config::access::resolve::Access;
use crate::aws::config::settings::{Secret, Settings, WebIdentity, WebIdentityToken};

impl Access {
    /// Every secret that is known before the first call.
    pub(in crate::aws) fn secrets(&self) -> Vec<String> {
        let mut keys: Vec<&Keys> =
            self.keys.iter().chain(self.environment_keys.as_ref().ok()).collect();
        let mut secrets: Vec<&Secret> = Vec::new();
        if let Ok(Some(ProfileIdentity { base: Base::Keys(of_profile), .. })) =
            &self.profile_identity
        {
            keys.push(of_profile);
        }
        for Keys { secret_key, token, .. } in keys {
            secrets.push(secret_key);
            secrets.extend(token);
        }
        if let Some(Container { token: Some(ContainerToken::Text(token)), .. }) = &self.container {
            secrets.push(token);
        }
        if let Some(WebIdentity { token: Some(WebIdentityToken::Text(token)), .. }) =
            &self.web_identity
        {
            secrets.push(token);
        }
        let proxies = [&self.connection.http_proxy, &self.connection.https_proxy];
        let proxies = proxies.into_iter().flatten().map(|proxy| proxy.value.reveal());
        let container = self.container.iter().map(|container| container.uri.value.as_str());
        let urls = proxies
            .chain(container)
            .chain(self.endpoints.sources().map(|(url, _)| url))
            .chain([self.metadata_endpoint.value.as_str()]);
        let secrets = secrets.into_iter().map(|secret| secret.reveal().to_owned());
        secrets.chain(urls.flat_map(passwords)).collect()
    }

    /// The external ids of all roles.
    pub(in crate::aws) fn external_ids<'a>(&'a self, settings: &'a Settings) -> Vec<&'a str> {
        let of_profile = self.profile_identity.iter().flatten().flat_map(|one| &one.roles);
        let roles = settings.roles.iter().chain(of_profile);
        roles.filter_map(|role| role.external_id.as_deref()).collect()
    }
}

/// The password in a URL: as it is, and as it is sent, together with the user.
fn passwords(url: &str) -> Vec<String> {
    let login = url.rsplit_once('@').map_or("", |(before, _)| before);
    let login = login.rsplit_once("//").map_or(login, |(_, login)| login);
    let Some((_, password)) = login.split_once(':') else { return Vec::new() };
    let decoded = |text: &str| percent_decode(text);
    vec![password.to_owned(), decoded(password), decoded(login)]
}

/// The text without percent-encoding.
fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let encoded = digits.filter(|_| *first == b'%');
        match encoded.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_url_is_known_as_it_is_and_as_it_is_sent() {
        for (url, expected) in [
            ("http://host:1/a", vec![]),
            ("http://user@host", vec![]),
            ("http://user:p%40ss@host:1", vec!["p%40ss", "p@ss", "user:p@ss"]),
            ("user:100%@host", vec!["100%", "100%", "user:100%"]),
        ] {
            assert_eq!(passwords(url), expected, "{url}");
        }
    }
}
