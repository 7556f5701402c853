"""Ask jsonschema with all its checkers of formats (rfc3987 …) about records. JSON in, JSON out.

In: {"schema": a JSON Schema, "others": schemas it refers to, "records": […]}. Out: for each record the messages.
"""

import json
import sys

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

question = json.load(sys.stdin)
others = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in question["others"])
validator = Draft202012Validator(
    question["schema"], registry=others, format_checker=Draft202012Validator.FORMAT_CHECKER
)
json.dump(
    [
        [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(one)]
        for one in question["records"]
    ],
    sys.stdout,
)
