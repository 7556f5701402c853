"""`gazette catalogue import --from uk-model`: records of the UK exchange model, with lines where they are wrong."""

import json

from tests.catalogue.commands.conftest import Written
from tests.services.commands import Invoke

TEXT = """\
records:
- identifier: https://rivers.example/levels
  type: dcat:Dataset
  title: River levels
  description: Every gauge, every hour.
  licence: DATA_SHARE_AGREEMENT
  version: "2.0"
  accessRights: INTERNAL
  securityClassification: OFFICIAL
  modified: 2024-05-06
  contactPoint: {contactName: Rivers desk, email: desk@rivers.example}
  creator: [environment-agency]
  publisher: environment-agency
  updateFrequency: freq:daily
- identifier: https://rivers.example/floods
  type: dcat:Dataset
  title: Floods
  updateFrequency: hourly
"""


def test_records_are_taken_and_what_the_model_refuses_is_refused_for_its_reason(
    ready: Invoke, written: Written
) -> None:
    path = written("rivers.yaml", TEXT.encode())
    outcome = ready("catalogue", "import", path, "--from", "uk-model", "--format", "json")
    assert "kept under the source “environment-agency”" in outcome.stderr
    taken, refused = json.loads(outcome.stdout)
    assert (taken["action"], taken["place"]) == ("added", "records 1 (line 2)")
    assert (refused["action"], refused["place"]) == ("refused", "records 2 (line 15)")
    said = json.dumps(refused, ensure_ascii=False)
    assert "“hourly” is not a frequency" in said
    assert "“publisher” is missing" in said
    shown = json.loads(ready("catalogue", "show", taken["address"].rpartition("/")[2], "--format", "json").stdout)
    document = shown["document"]
    assert (document["licence"], document["accessRights"]) == ("DATA_SHARE_AGREEMENT", "closed")
    assert document["extras"] == {"securityClassification": "OFFICIAL"}
    assert document["publisher"]["name"] == "Environment Agency"
    again = ready("catalogue", "import", path, "--from", "uk-model", "--format", "json")
    assert json.loads(again.stdout)[0]["action"] == "unchanged"
