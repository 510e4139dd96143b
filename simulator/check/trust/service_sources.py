"""Which AWS services say, when they call, for which resource and account they do so.

That is `aws:SourceArn` and `aws:SourceAccount`. AWS says it service by service, and it is not so of
all: each row has the page that demands or advises such a condition. It was so in 2026-11.
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
"""  # EVAL-71

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_AWS: Final = "https://docs.aws.amazon.com/"
_PAGE: Final = "cross-service-confused-deputy-prevention.html"

IN_ROLES: Final = MappingProxyType(
    {
        "airflow": f"{_AWS}mwaa/latest/userguide/{_PAGE}",
        "airflow-env": f"{_AWS}mwaa/latest/userguide/{_PAGE}",
        "amplify": f"{_AWS}amplify/latest/userguide/{_PAGE}",
        "amplifybackend": f"{_AWS}amplify/latest/userguide/{_PAGE}",
        "autoscaling": f"{_AWS}autoscaling/ec2/userguide/{_PAGE}",
        "batch": f"{_AWS}batch/latest/userguide/{_PAGE}",
        "bedrock": f"{_AWS}bedrock/latest/userguide/model-customization-iam-role.html",
        "bedrock-agentcore": f"{_AWS}bedrock-agentcore/latest/devguide/runtime-permissions.html",
        "codebuild": f"{_AWS}codebuild/latest/userguide/setting-up-service-role.html",
        "codedeploy": f"{_AWS}codedeploy/latest/userguide/security_confused_deputy.html",
        "comprehend": f"{_AWS}comprehend/latest/dg/{_PAGE}",
        "config": f"{_AWS}config/latest/developerguide/iamrole-permissions.html",
        "datasync": f"{_AWS}datasync/latest/userguide/{_PAGE}",
        "dms": f"{_AWS}dms/latest/userguide/{_PAGE}",
        "ds": f"{_AWS}directoryservice/latest/admin-guide/{_PAGE}",
        "ecs-tasks": f"{_AWS}AmazonECS/latest/developerguide/task-iam-roles.html",
        "es": f"{_AWS}opensearch-service/latest/developerguide/{_PAGE}",
        "fis": f"{_AWS}fis/latest/userguide/getting-started-iam-service-role.html",
        "greengrass": f"{_AWS}greengrass/v2/developerguide/{_PAGE}",
        "iot": f"{_AWS}iot/latest/developerguide/{_PAGE}",
        "iotevents": f"{_AWS}iotevents/latest/developerguide/{_PAGE}",
        "iotsitewise": f"{_AWS}iot-sitewise/latest/userguide/{_PAGE}",
        "kendra": f"{_AWS}kendra/latest/dg/iam-roles.html",
        "logs": f"{_AWS}AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
        "mediaconvert": f"{_AWS}mediaconvert/latest/ug/{_PAGE}",
        "mediatailor": f"{_AWS}mediatailor/latest/ug/{_PAGE}",
        "opsworks-cm": f"{_AWS}opsworks/latest/userguide/{_PAGE}",
        "personalize": f"{_AWS}personalize/latest/dg/{_PAGE}",
        "pipes": f"{_AWS}eventbridge/latest/userguide/eb-pipes-permissions.html",
        "proton": f"{_AWS}proton/latest/userguide/{_PAGE}",
        "rds": f"{_AWS}AmazonRDS/latest/UserGuide/{_PAGE}",
        "rekognition": f"{_AWS}rekognition/latest/dg/{_PAGE}",
        "rolesanywhere": f"{_AWS}rolesanywhere/latest/userguide/trust-model.html",
        "sagemaker": f"{_AWS}sagemaker/latest/dg/security-confused-deputy-prevention.html",
        "scheduler": f"{_AWS}scheduler/latest/UserGuide/{_PAGE}",
        "ssm": f"{_AWS}systems-manager/latest/userguide/{_PAGE}",
        "ssm-incidents": f"{_AWS}incident-manager/latest/userguide/{_PAGE}",
        "states": f"{_AWS}step-functions/latest/dg/procedure-create-iam-role.html",
        "textract": f"{_AWS}textract/latest/dg/{_PAGE}",
        "transfer": f"{_AWS}transfer/latest/userguide/confused-deputy.html",
        "vpc-flow-logs": f"{_AWS}vpc/latest/userguide/flow-logs-iam-role.html",
    }
)
"""Services that send the keys when they assume a role, by their names without the domain."""

IN_RESOURCES: Final = MappingProxyType(
    {
        "apigateway": f"{_AWS}lambda/latest/dg/services-apigateway.html",
        "cloudfront": f"{_AWS}AmazonCloudFront/latest/DeveloperGuide/"
        "private-content-restricting-access-to-s3.html",
        "cloudtrail": f"{_AWS}awscloudtrail/latest/userguide/{_PAGE}",
        "codebuild": f"{_AWS}codebuild/latest/userguide/sample-ecr.html",
        "config": f"{_AWS}config/latest/developerguide/{_PAGE}",
        "delivery.logs": f"{_AWS}AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html",
        "events": f"{_AWS}eventbridge/latest/userguide/eb-use-resource-based.html",
        "logs": f"{_AWS}AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
        "s3": f"{_AWS}AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
        "ses": f"{_AWS}ses/latest/dg/receiving-email-permissions.html",
        "sns": f"{_AWS}sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
    }
)
"""Services that send the keys when they use a bucket, a queue, a topic, a function and the like."""

NOT_IN_ROLES: Final = MappingProxyType(
    {"lambda": f"{_AWS}lambda/latest/dg/permissions-source-function-arn.html"}
)
"""Services of which AWS says that `aws:SourceArn` is not for the roles they assume."""
