use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Appends the text of the user to the user agent of every call.
///
/// It is added after signing: the signature does not cover the user agent, because proxies change it.
#[derive(Debug)]
pub(in crate::aws) struct Appended(String);

impl Appended {
    pub(in crate::aws) fn new(products: &[String]) -> Self {
        Self(products.join(" "))
    }
}

impl Intercept for Appended {
    fn name(&self) -> &'static str {
        "append to the user agent"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        const USER_AGENT: &str = "user-agent";
        if !self.0.is_empty() {
            let headers = context.request_mut().headers_mut();
            let before = headers.get(USER_AGENT).unwrap_or_default();
            let whole = format!("{before} {}", self.0);
            headers.try_insert(USER_AGENT, whole.trim().to_owned())?;
        }
        Ok(())
    }
}
