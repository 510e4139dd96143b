"""Which attributes of which resources of Terraform's AWS provider are policies, and of which kind.

What is not listed is taken for a policy where it looks like one, and what it is then the document
itself tells. Written from the schema of the provider, version 5.100.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.policy import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.policy.kinds import PolicyKind

ORGANIZATIONS: Final = ("aws_organizations_policy", "content")
"""Whether this is an SCP, an RCP or no policy of IAM's language its resource tells by its type."""

DOCUMENT: Final = "aws_iam_policy_document"
"""The data source that makes a policy of its arguments."""

OTHER_LANGUAGES: Final = frozenset({("aws_iot_policy", "policy")})
"""What looks like a policy of IAM and is one of another service, with words of its own."""

_IDENTITY: Final = (
    ("aws_iam_group_policy", "policy"),
    ("aws_iam_policy", "policy"),
    ("aws_iam_role", "inline_policy.policy"),
    ("aws_iam_role_policy", "policy"),
    ("aws_iam_user_policy", "policy"),
    ("aws_ssoadmin_permission_set_inline_policy", "inline_policy"),
)
_SESSION: Final = (
    ("aws_rolesanywhere_profile", "session_policy"),
    ("aws_transfer_access", "policy"),
    ("aws_transfer_user", "policy"),
)
_ENDPOINT: Final = (("aws_vpc_endpoint", "policy"), ("aws_vpc_endpoint_policy", "policy"))
_RESOURCE: Final = (
    ("aws_acmpca_policy", "policy"),
    ("aws_api_gateway_domain_name", "policy"),
    ("aws_api_gateway_rest_api", "policy"),
    ("aws_api_gateway_rest_api_policy", "policy"),
    ("aws_backup_vault_policy", "policy"),
    ("aws_cloudsearch_domain_service_access_policy", "access_policy"),
    ("aws_cloudwatch_event_bus_policy", "policy"),
    ("aws_cloudwatch_log_delivery_destination_policy", "delivery_destination_policy"),
    ("aws_cloudwatch_log_destination_policy", "access_policy"),
    ("aws_cloudwatch_log_resource_policy", "policy_document"),
    ("aws_codeartifact_domain_permissions_policy", "policy_document"),
    ("aws_codeartifact_repository_permissions_policy", "policy_document"),
    ("aws_codebuild_resource_policy", "policy"),
    ("aws_dynamodb_resource_policy", "policy"),
    ("aws_ecr_registry_policy", "policy"),
    ("aws_ecr_repository_creation_template", "repository_policy"),
    ("aws_ecr_repository_policy", "policy"),
    ("aws_ecrpublic_repository_policy", "policy"),
    ("aws_efs_file_system_policy", "policy"),
    ("aws_elasticsearch_domain", "access_policies"),
    ("aws_elasticsearch_domain_policy", "access_policies"),
    ("aws_glacier_vault", "access_policy"),
    ("aws_glacier_vault_lock", "policy"),
    ("aws_glue_resource_policy", "policy"),
    ("aws_kinesis_resource_policy", "policy"),
    ("aws_kms_external_key", "policy"),
    ("aws_kms_key", "policy"),
    ("aws_kms_key_policy", "policy"),
    ("aws_kms_replica_external_key", "policy"),
    ("aws_kms_replica_key", "policy"),
    ("aws_media_store_container_policy", "policy"),
    ("aws_msk_cluster_policy", "policy"),
    ("aws_networkfirewall_resource_policy", "policy"),
    ("aws_oam_sink_policy", "policy"),
    ("aws_opensearch_domain", "access_policies"),
    ("aws_opensearch_domain_policy", "access_policies"),
    ("aws_organizations_resource_policy", "content"),
    ("aws_redshift_resource_policy", "policy"),
    ("aws_redshiftserverless_resource_policy", "policy"),
    ("aws_s3_access_point", "policy"),
    ("aws_s3_bucket", "policy"),
    ("aws_s3_bucket_policy", "policy"),
    ("aws_s3control_access_grants_instance_resource_policy", "policy"),
    ("aws_s3control_access_point_policy", "policy"),
    ("aws_s3control_bucket_policy", "policy"),
    ("aws_s3control_multi_region_access_point_policy", "details.policy"),
    ("aws_s3control_object_lambda_access_point_policy", "policy"),
    ("aws_s3tables_table_bucket_policy", "resource_policy"),
    ("aws_s3tables_table_policy", "resource_policy"),
    ("aws_sagemaker_model_package_group_policy", "resource_policy"),
    ("aws_schemas_registry_policy", "policy"),
    ("aws_secretsmanager_secret", "policy"),
    ("aws_secretsmanager_secret_policy", "policy"),
    ("aws_ses_identity_policy", "policy"),
    ("aws_sesv2_email_identity_policy", "policy"),
    ("aws_sns_topic", "policy"),
    ("aws_sns_topic_policy", "policy"),
    ("aws_sqs_queue", "policy"),
    ("aws_sqs_queue_policy", "policy"),
    ("aws_vpclattice_auth_policy", "policy"),
    ("aws_vpclattice_resource_policy", "policy"),
    ("aws_xray_resource_policy", "policy_document"),
)

KINDS: Final[Mapping[tuple[str, str], PolicyKind]] = {
    **dict.fromkeys(_IDENTITY, kinds.IDENTITY),
    **dict.fromkeys(_SESSION, kinds.SESSION),
    **dict.fromkeys(_ENDPOINT, kinds.ENDPOINT),
    **dict.fromkeys(_RESOURCE, kinds.RESOURCE),
    ("aws_iam_role", "assume_role_policy"): kinds.TRUST,
}
