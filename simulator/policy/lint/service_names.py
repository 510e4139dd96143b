"""Names of services that assume roles, or that the policies of resources admit.

AWS lists them nowhere; each stands in the pages of its service.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
"""

from __future__ import annotations

from typing import Final

DOMAIN: Final = ".amazonaws.com"

# What stands before the domain.
_NAMES: Final = (
    "access-analyzer account acm acm-pca airflow airflow-env amplify apigateway appconfig"
    " appflow application-autoscaling apprunner appstream appsync athena autoscaling backup"
    " batch bedrock billing billingreports budgets build.apprunner cassandra ce channels.lexv2"
    " chatbot cloud9 cloudformation cloudfront cloudtrail cloudwatch cloudwatch-crossaccount"
    " codebuild codecommit codedeploy codepipeline codestar-notifications cognito-identity"
    " cognito-idp comprehend config config-multiaccountsetup connect controltower costalerts"
    " costexplorer credentials.iot databrew datapipeline datasync dax delivery.logs detective"
    " devops-guru directconnect dlm dms dnssec-route53 ds dynamodb ec2 ec2fleet ecr ecs"
    " ecs-tasks edgelambda eks eks-fargate eks-fargate-pods eks-nodegroup elasticache"
    " elasticbeanstalk elasticfilesystem elasticloadbalancing elasticmapreduce"
    " elastictranscoder email email.cognito-idp emr-containers emr-serverless es events"
    " export.rds firehose fis fms forecast fsx gamelift globalaccelerator glue grafana"
    " greengrass guardduty guardduty.ec2 health hooks.cloudformation iam imagebuilder"
    " inspector inspector2 iot ivs kafka kafkaconnect kendra kinesis kinesisanalytics kms"
    " lakeformation lambda lambda.alarms.cloudwatch lex lexv2 license-manager lightsail"
    " logdelivery.elasticloadbalancing logdelivery.elb logging.s3 logs lookoutmetrics m2 macie"
    " macie.logs maintenance.s3 managedservices management.chatbot mediaconvert medialive"
    " mediapackage mediastore member.org.stacksets.cloudformation mgn migrationhub"
    " ml.elasticsearch monitoring monitoring.rds mq network-firewall notifications"
    " opensearchservice ops.apigateway opsworks organizations osis-pipelines personalize"
    " pinpoint pipes pods.eks polly profiler quicksight ram rds redshift redshift-serverless"
    " rekognition replication.dynamodb replicator.lambda reporting.trustedadvisor"
    " resource-groups resources.cloudformation robomaker rolesanywhere route53 route53resolver"
    " s3 sagemaker scheduler schemas secretsmanager securityhub serverlessrepo servicecatalog"
    " servicediscovery ses shield signin sms-voice sns spot spotfleet sqs ssm ssm-incidents"
    " sso stacksets.cloudformation states storagegateway streams.metrics.cloudwatch sts"
    " support swf synthetics tagpolicies.tag tasks.apprunner textract timestream transcribe"
    " transfer translate trustedadvisor tunneling vmie voiceid vpc-flow-logs vpc-lattice vpce"
    " waf wafv2 workmail workspaces xray"
)

SERVICE_PRINCIPALS: Final = tuple(f"{name}{DOMAIN}" for name in _NAMES.split())
