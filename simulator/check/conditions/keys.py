"""The condition keys that requests of some kind have and others do not, in lower case."""

from __future__ import annotations

from typing import Final

#: What says through which VPC endpoint a call comes.
OF_VPC: Final = (  # CTX-11
    *("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"),
    *("aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"),
)
#: What only calls through a VPC endpoint have.
OF_ENDPOINTS: Final = (*OF_VPC, "aws:vpcsourceip")  # CTX-11
#: What says for whom an AWS service calls in its own name, apart from the resource.
OF_SOURCE_OWNER: Final = ("aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")  # CTX-24
#: What says for which resource an AWS service calls in its own name.
OF_SOURCE: Final = ("aws:sourcearn", *OF_SOURCE_OWNER)  # CTX-24
#: What only calls of AWS services in their own name have.
OF_SERVICES: Final = (  # CTX-24
    *OF_SOURCE,
    *("aws:principalservicename", "aws:principalservicenameslist"),
)
