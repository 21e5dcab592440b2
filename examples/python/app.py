"""The CDK app: ``cdk deploy``, with ``--context environmentSuffix=…`` or ``ENVIRONMENT_SUFFIX`` for another environment."""

import os

from aws_cdk import App
from tap_stack import TapStack

app = App()
# An empty variable is none: build servers export those.
environment_suffix = app.node.try_get_context("environmentSuffix") or os.environ.get("ENVIRONMENT_SUFFIX") or "dev"

TapStack(app, f"TapStack-{environment_suffix}", environment_suffix=environment_suffix)

app.synth()
