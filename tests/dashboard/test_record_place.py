"""Where somebody stands, as a device's own script finds it (assets/onemap/record/place.js), run by Node without a page."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

PLACE_JS = Path(__file__).resolve().parents[2] / "assets" / "onemap" / "record" / "place.js"
FIX = {"coords": {"longitude": 121.25, "latitude": 31.375, "accuracy": 8.04}}
NO_FIX, REFUSED, TIMED_OUT = 2, 1, 3


def stand(answers, *, tries=3, secure=True, enough=99):
    """What a device that answers so gives: the position, what was said meanwhile, how often it was asked.

    Args:
        answers: for each time it is asked a fix, or the code of its error.
        enough: how many misses pass before somebody taps a position, or leaves.
    """
    script = f"""
    const answers = {json.dumps(answers)}, said = [];
    let asked = 0;
    const geolocation = {{ getCurrentPosition(done, fail) {{
      const answer = answers[asked];
      asked += 1;
      if (typeof answer === "number") fail({{ code: answer }}); else done(answer);
    }} }};
    Object.defineProperty(globalThis, "navigator", {{ value: {{ geolocation }}, configurable: true }});
    globalThis.window = {{ isSecureContext: {json.dumps(secure)} }};
    require({json.dumps(str(PLACE_JS))});
    window.onemap.place.measureUntil({{ tries: {tries}, pauseMs: 1, needed: () => said.length < {enough}, missed: (why) => said.push(why) }})
      .then((position) => console.log(JSON.stringify({{ position, said, asked }})));
    """
    node = shutil.which("node") or str(compute_driver_executable()[0])
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, timeout=30, check=True)
    return json.loads(done.stdout)


HERE = {"lon": 121.25, "lat": 31.375, "accuracy_m": 8, "how": "device"}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([FIX], {"position": HERE, "said": [], "asked": 1}),
        ([NO_FIX, TIMED_OUT, FIX], {"position": HERE, "said": ["no_fix", "no_fix"], "asked": 3}),
        ([NO_FIX, NO_FIX, TIMED_OUT, FIX], {"position": None, "said": ["no_fix"] * 3, "asked": 3}),
        ([REFUSED, FIX], {"position": None, "said": ["not_allowed"], "asked": 1}),
        ([NO_FIX, REFUSED, FIX], {"position": None, "said": ["no_fix", "not_allowed"], "asked": 2}),
    ],
)
def test_a_device_without_a_fix_is_asked_again_and_one_that_refuses_is_not(answers, told):
    assert stand(answers) == told


def test_once_a_position_was_tapped_the_device_is_not_asked_again():
    assert stand([NO_FIX, FIX], enough=1) == {"position": None, "said": ["no_fix"], "asked": 1}


def test_without_https_no_device_is_asked():
    assert stand([FIX], tries=1, secure=False) == {"position": None, "said": ["no_fix"], "asked": 0}
