"""Bank transactions land in ``incoming/``, and are published if at most 1 % of a file's records are rejected."""

from aws_cdk import Aspects, CfnOutput, RemovalPolicy, Size, Stack
from cdk_csv_chunk_pipeline import (
    CsvChunkPipeline,
    DenyDeletion,
    FieldConstraints,
    FieldType,
    JobDashboard,
    JobNotifications,
    KeyPrefixOptions,
    TableField,
    TableSchema,
)
from constructs import Construct

REQUIRED = FieldConstraints(required=True)

TRANSACTIONS = TableSchema.from_fields(
    [
        TableField(name="transaction_id", constraints=REQUIRED),
        TableField(name="account_id", constraints=REQUIRED),
        TableField(
            name="transaction_date",
            type=FieldType.DATETIME,
            formats=["default", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M"],
            constraints=REQUIRED,
        ),
        TableField(name="amount", type=FieldType.DECIMAL, precision=18, scale=2, constraints=REQUIRED),
        TableField(name="currency", constraints=FieldConstraints(required=True, pattern="[A-Z]{3}")),
        TableField(name="merchant"),
        TableField(name="category"),
    ]
)


class TapStack(Stack):
    """The same stack as ``examples/tap-stack``: their templates are equal."""

    def __init__(self, scope: Construct, construct_id: str, *, environment_suffix: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        self.pipeline = CsvChunkPipeline(
            self,
            "Tap",
            schema=TRANSACTIONS,
            prefixes=KeyPrefixOptions(incoming="incoming/"),
            chunk_size=Size.mebibytes(50),
            max_concurrency=10,
            memory_size=Size.gibibytes(3),
            max_rejected_percentage=1,
            tags={"Environment": "Production", "Project": "ETL"},
            environment_suffix=environment_suffix,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.notifications = JobNotifications(self, "Notifications", pipeline=self.pipeline)
        self.dashboard = JobDashboard(self, "Dashboard", pipeline=self.pipeline, around=[self.notifications])
        Aspects.of(self).add(DenyDeletion())

        CfnOutput(self, "BucketName", value=self.pipeline.source_bucket.bucket_name)
        CfnOutput(self, "JobTableName", value=self.pipeline.job_table.table_name)
        CfnOutput(self, "StateMachineArn", value=self.pipeline.state_machine.state_machine_arn)
        CfnOutput(self, "DashboardUrl", value=self.dashboard.dashboard_url)
        CfnOutput(self, "QueueUrl", value=self.notifications.queue.queue_url)
        CfnOutput(self, "TopicArn", value=self.notifications.failure_topic.topic_arn)
