use super::action::ActionType;
use super::function::Function;
use super::list::ListResource;
use super::resource::{DataSource, ResourceType};
use super::{actions, connection_alias, data_sources, functions, standby};

/// The parts of the provider that Terraform calls by name. Another one is a line here and a module.
pub(super) struct Types {
    pub(super) resources: [ResourceType; 3],
    pub(super) data_sources: [DataSource; 4],
    pub(super) list_resources: [ListResource; 2],
    pub(super) functions: [Function; 2],
    pub(super) actions: [ActionType; 3],
}

impl Types {
    pub(super) fn all() -> Self {
        Self {
            resources: [
                standby::resource_type(),
                connection_alias::association(),
                connection_alias::permission(),
            ],
            data_sources: [
                data_sources::standby(),
                data_sources::standbys(),
                data_sources::primaries(),
                connection_alias::data_source(),
            ],
            list_resources: [standby::list_resource(), connection_alias::list_resource()],
            functions: [functions::standby_import_id(), functions::parse_standby_arn()],
            actions: [actions::start(), actions::stop(), actions::reboot()],
        }
    }
}
