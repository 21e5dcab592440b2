"""Transactions land in ``incoming/``; a function in Python adds their amount in euros before they are published."""

from pathlib import Path

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_lambda as lambda_
from cdk_csv_chunk_pipeline import (
    CsvChunkPipeline,
    FieldConstraints,
    FieldType,
    RecordTransform,
    TableField,
    TableSchema,
)
from constructs import Construct

REQUIRED = FieldConstraints(required=True)

FIELDS = [
    TableField(name="transaction_id", constraints=REQUIRED),
    TableField(name="amount", type=FieldType.DECIMAL, precision=18, scale=2, constraints=REQUIRED),
    TableField(name="currency", constraints=FieldConstraints(required=True, pattern="[A-Z]{3}")),
]
AMOUNT_EUR = TableField(name="amount_eur", type=FieldType.DECIMAL, precision=18, scale=2, constraints=REQUIRED)


class EuroStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        to_euros = lambda_.Function(
            self,
            "ToEuros",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="handler.handler",
            code=lambda_.Code.from_asset(str(Path(__file__).parent / "to_euros")),
            memory_size=1024,
            timeout=Duration.minutes(1),
            # A running job calls the version that it began with, also after a deployment.
            current_version_options=lambda_.VersionOptions(removal_policy=RemovalPolicy.RETAIN),
        )

        self.pipeline = CsvChunkPipeline(
            self,
            "Pipeline",
            schema=TableSchema.from_fields(FIELDS),
            transform=RecordTransform.from_function(
                to_euros.current_version,
                output_schema=TableSchema.from_fields([*FIELDS, AMOUNT_EUR]),
            ),
            max_rejected_percentage=1,
        )

        CfnOutput(self, "BucketName", value=self.pipeline.source_bucket.bucket_name)
