"""Which properties of which resources of CloudFormation are policies, and of which kind.

Paths of properties are written without the numbers of lists. What is not listed is taken for a
policy where it looks like one, and what it is then the document itself tells.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.documents.candidate import Form
from simulator.policy import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.policy.kinds import PolicyKind


class Row(NamedTuple):
    """What stands in a property: the kind of its policies, in which form.

    A property that is not `sure` may hold other things besides policies.
    """

    kind: PolicyKind | None
    sure: bool = True
    form: Form = Form.POLICY


ORGANIZATIONS: Final = "AWS::Organizations::Policy"
CONTENT: Final = "Content"
"""Whether this is an SCP, an RCP or no policy of IAM's language its resource tells by its type."""

OTHER_LANGUAGES: Final = frozenset({("AWS::IoT::Policy", "PolicyDocument")})
"""What looks like a policy of IAM and is one of another service, with words of its own."""

_INLINE: Final = "Policies.PolicyDocument"
_STATEMENTS: Final = Row(kinds.RESOURCE, form=Form.STATEMENTS)

_IDENTITY: Final = (
    ("AWS::IAM::Group", _INLINE),
    ("AWS::IAM::GroupPolicy", "PolicyDocument"),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
    ("AWS::IAM::Policy", "PolicyDocument"),
    ("AWS::IAM::Role", _INLINE),
    ("AWS::IAM::RolePolicy", "PolicyDocument"),
    ("AWS::IAM::User", _INLINE),
    ("AWS::IAM::UserPolicy", "PolicyDocument"),
    ("AWS::SSO::PermissionSet", "InlinePolicy"),
)
_TRUST: Final = (
    ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
    ("AWS::Serverless::Function", "AssumeRolePolicyDocument"),
)
_SESSION: Final = (
    ("AWS::EKS::PodIdentityAssociation", "Policy"),
    ("AWS::RolesAnywhere::Profile", "SessionPolicy"),
    ("AWS::Transfer::User", "Policy"),
)
_RESOURCE: Final = (
    ("AWS::APS::ResourcePolicy", "PolicyDocument"),
    ("AWS::AIOps::InvestigationGroup", "InvestigationGroupPolicy"),
    ("AWS::ApiGateway::DomainNameV2", "Policy"),
    ("AWS::ApiGateway::RestApi", "Policy"),
    ("AWS::Backup::BackupVault", "AccessPolicy"),
    ("AWS::Backup::LogicallyAirGappedBackupVault", "AccessPolicy"),
    ("AWS::Bedrock::KnowledgeBasePolicy", "PolicyDocument"),
    ("AWS::Bedrock::ResourcePolicy", "PolicyDocument"),
    ("AWS::BedrockAgentCore::ResourcePolicy", "Policy"),
    ("AWS::CloudTrail::ResourcePolicy", "ResourcePolicy"),
    ("AWS::CodeArtifact::Domain", "PermissionsPolicyDocument"),
    ("AWS::CodeArtifact::Repository", "PermissionsPolicyDocument"),
    ("AWS::DSQL::Cluster", "PolicyDocument"),
    (
        "AWS::DynamoDB::GlobalTable",
        "Replicas.ReplicaStreamSpecification.ResourcePolicy.PolicyDocument",
    ),
    ("AWS::DynamoDB::GlobalTable", "Replicas.ResourcePolicy.PolicyDocument"),
    ("AWS::DynamoDB::Table", "ResourcePolicy.PolicyDocument"),
    ("AWS::DynamoDB::Table", "StreamSpecification.ResourcePolicy.PolicyDocument"),
    ("AWS::ECR::PublicRepository", "RepositoryPolicyText"),
    ("AWS::ECR::RegistryPolicy", "PolicyText"),
    ("AWS::ECR::Repository", "RepositoryPolicyText"),
    ("AWS::ECR::RepositoryCreationTemplate", "RepositoryPolicy"),
    ("AWS::EFS::FileSystem", "FileSystemPolicy"),
    ("AWS::Elasticsearch::Domain", "AccessPolicies"),
    ("AWS::Events::EventBus", "Policy"),
    ("AWS::EventSchemas::RegistryPolicy", "Policy"),
    ("AWS::FSx::S3AccessPointAttachment", "S3AccessPoint.Policy"),
    ("AWS::KMS::Key", "KeyPolicy"),
    ("AWS::KMS::ReplicaKey", "KeyPolicy"),
    ("AWS::Kinesis::ResourcePolicy", "ResourcePolicy"),
    ("AWS::Lambda::ResourcePolicy", "PolicyDocument"),
    ("AWS::Lex::ResourcePolicy", "Policy"),
    ("AWS::Logs::DeliveryDestination", "DeliveryDestinationPolicy.DeliveryDestinationPolicy"),
    ("AWS::Logs::Destination", "DestinationPolicy"),
    ("AWS::Logs::LogGroup", "ResourcePolicyDocument"),
    ("AWS::Logs::ResourcePolicy", "PolicyDocument"),
    ("AWS::MSK::ClusterPolicy", "Policy"),
    ("AWS::MediaPackageV2::ChannelPolicy", "Policy"),
    ("AWS::MediaPackageV2::OriginEndpointPolicy", "Policy"),
    ("AWS::MediaStore::Container", "Policy"),
    ("AWS::MediaTailor::ChannelPolicy", "Policy"),
    ("AWS::OSIS::Pipeline", "ResourcePolicy.Policy"),
    ("AWS::Oam::Sink", "Policy"),
    ("AWS::Omics::SequenceStore", "S3AccessPolicy"),
    ("AWS::OpenSearchService::Domain", "AccessPolicies"),
    ("AWS::Organizations::ResourcePolicy", "Content"),
    ("AWS::PaymentCryptography::Key", "Policy"),
    ("AWS::RUM::AppMonitor", "ResourcePolicy.PolicyDocument"),
    ("AWS::Redshift::Cluster", "NamespaceResourcePolicy"),
    ("AWS::RedshiftServerless::Namespace", "NamespaceResourcePolicy"),
    ("AWS::S3::AccessPoint", "Policy"),
    ("AWS::S3::BucketPolicy", "PolicyDocument"),
    ("AWS::S3::MultiRegionAccessPointPolicy", "Policy"),
    ("AWS::S3Express::AccessPoint", "Policy"),
    ("AWS::S3Express::BucketPolicy", "PolicyDocument"),
    ("AWS::S3Files::FileSystemPolicy", "Policy"),
    ("AWS::S3ObjectLambda::AccessPointPolicy", "PolicyDocument"),
    ("AWS::S3Outposts::AccessPoint", "Policy"),
    ("AWS::S3Outposts::BucketPolicy", "PolicyDocument"),
    ("AWS::S3Tables::TableBucketPolicy", "ResourcePolicy"),
    ("AWS::S3Tables::TablePolicy", "ResourcePolicy"),
    ("AWS::S3Vectors::VectorBucketPolicy", "Policy"),
    ("AWS::SNS::TopicInlinePolicy", "PolicyDocument"),
    ("AWS::SNS::TopicPolicy", "PolicyDocument"),
    ("AWS::SQS::QueueInlinePolicy", "PolicyDocument"),
    ("AWS::SQS::QueuePolicy", "PolicyDocument"),
    ("AWS::SSM::ResourcePolicy", "Policy"),
    ("AWS::SageMaker::ModelPackageGroup", "ModelPackageGroupPolicy"),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"),
    ("AWS::Serverless::Api", "Policy"),
    ("AWS::VpcLattice::AuthPolicy", "Policy"),
    ("AWS::VpcLattice::ResourcePolicy", "Policy"),
    ("AWS::XRay::ResourcePolicy", "PolicyDocument"),
)

ROWS: Final[Mapping[tuple[str, str], Row]] = {
    **dict.fromkeys(_IDENTITY, Row(kinds.IDENTITY)),
    **dict.fromkeys(_TRUST, Row(kinds.TRUST)),
    **dict.fromkeys(_SESSION, Row(kinds.SESSION)),
    **dict.fromkeys(_RESOURCE, Row(kinds.RESOURCE)),
    ("AWS::EC2::VPCEndpoint", "PolicyDocument"): Row(kinds.ENDPOINT),
    ("AWS::Events::EventBusPolicy", "Statement"): _STATEMENTS,
    ("AWS::Serverless::Api", "Auth.ResourcePolicy.CustomStatements"): _STATEMENTS,
    # Beside policies these take the names of managed policies, and policy templates of SAM.
    ("AWS::Serverless::Function", "Policies"): Row(kinds.IDENTITY, sure=False),
    ("AWS::Serverless::StateMachine", "Policies"): Row(kinds.IDENTITY, sure=False),
}
