"""The CDK app: ``cdk deploy``."""

from aws_cdk import App
from euro_stack import EuroStack

app = App()
EuroStack(app, "EuroStack")
app.synth()
