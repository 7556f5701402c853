"""Ask LinkML whether records follow a model. Runs in the validators’ own environment: JSON in, JSON out.

In: {"model": path of the LinkML file, "records": [[class, record], …]}. Out: for each record the messages against it.
What judges is the JSON Schema that LinkML makes of the model (gen-json-schema, closed), with all formats checked.
"""

import json
import sys

import jsonschema
from linkml.generators.jsonschemagen import JsonSchemaGenerator

question = json.load(sys.stdin)
schema = json.loads(JsonSchemaGenerator(question["model"], not_closed=False).serialize())
judge = jsonschema.validators.validator_for(schema)
judges = {
    name: judge({**schema["$defs"][name], "$defs": schema["$defs"]}, format_checker=judge.FORMAT_CHECKER)
    for name in {class_name for class_name, _ in question["records"]}
}
json.dump(
    [[error.message[:200] for error in judges[name].iter_errors(record)] for name, record in question["records"]],
    sys.stdout,
)
