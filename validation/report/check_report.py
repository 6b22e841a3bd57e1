#!/usr/bin/env python3
"""Opens a report in headless Chromium and checks that it works offline.

    check_report.py REPORT.html [--picture FILE.png] [--width 1280] [--pdf FILE.pdf]

Fails unless every panel was drawn, nothing was written to the console, the policy refused nothing and
the page asked for nothing but itself. Needs Chromium and the Python standard library only; exits with
77 where no Chromium is installed. Talks the DevTools protocol over a pipe.
"""

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--no-default-browser-check",
    "--hide-scrollbars", "--remote-debugging-pipe",
]
TALLY = """(() => {
  const views = [...document.querySelectorAll('.view')];
  const marks = (v) => v.querySelectorAll('svg .mark-group path, svg .mark-group line, svg g.mark-symbol path, svg g.mark-rect path').length;
  return {
    drawn: document.body.dataset.drawn ?? null,
    views: views.length,
    empty: views.filter((v) => !v.querySelector('svg, canvas') || marks(v) === 0).map((v) => v.id),
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    height: document.documentElement.scrollHeight,
  };
})()"""


class Browser:
    """One Chromium, its commands and the events it has sent."""

    def __init__(self, program, profile):
        from_us, self._out = os.pipe()
        self._in, to_us = os.pipe()

        def pipes():  # the protocol expects descriptors 3 and 4
            a, b = os.dup(from_us), os.dup(to_us)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(from_us)
        os.close(to_us)
        self._rest = b""
        self._last = 0
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = None
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def _read(self):
        while b"\0" not in self._rest:
            part = os.read(self._in, 1 << 20)
            if not part:
                raise SystemExit("Chromium ended early")
            self._rest += part
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self._last += 1
        command = {"id": self._last, "method": method, "params": params}
        if getattr(self, "_session", None):
            command["sessionId"] = self._session
        os.write(self._out, json.dumps(command).encode() + b"\0")
        while True:
            message = self._read()
            if message.get("id") == command["id"]:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def value(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def close(self):
        self.call("Browser.close")
        self._process.wait(30)


def check(browser, page, width):
    for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
        browser.call(f"{domain}.enable")
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    browser.call("Page.navigate", url=page)
    end = time.monotonic() + 90
    while browser.value("document.body && document.body.dataset.drawn") is None and time.monotonic() < end:
        time.sleep(0.2)
    tally = browser.value(TALLY)
    wrong = []
    if tally["drawn"] != "true":
        wrong.append(f"not every panel was drawn: drawn = {tally['drawn']}")
    if tally["empty"]:
        wrong.append(f"empty panels: {', '.join(tally['empty'])}")
    if tally["wide"] > 0:
        wrong.append(f"the page is {tally['wide']} px wider than the window of {width} px")
    for event in browser.events:
        method, params = event["method"], event.get("params", {})
        if method == "Runtime.consoleAPICalled":
            text = " ".join(str(a.get("value", a.get("description"))) for a in params["args"])
            wrong.append(f"console.{params['type']}: {text}")
        elif method == "Runtime.exceptionThrown":
            wrong.append("exception: " + params["exceptionDetails"].get("exception", {}).get("description", "?"))
        elif method == "Log.entryAdded":
            wrong.append(f"log: {params['entry']['text']}")
        elif method == "Audits.issueAdded":
            wrong.append(f"issue: {params['issue']['code']}: {json.dumps(params['issue']['details'])[:300]}")
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if url != page and not url.startswith(("data:", "blob:")):
                wrong.append(f"request: {url}")
    return tally, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--from-y", type=int, default=0, help="first row of the picture")
    parser.add_argument("--rows", type=int, help="rows of the picture, default all")
    parser.add_argument("--pdf", type=Path)
    parser.add_argument("--script", help="JavaScript to run before the picture is taken")
    options = parser.parse_args()
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        print("no Chromium here: not checked", file=sys.stderr)
        return 77
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(program, profile)
        tally, wrong = check(browser, options.report.resolve().as_uri(), options.width)
        if options.script:
            print("script:", browser.value(options.script))
            time.sleep(1)
        if options.picture:
            rows = options.rows or tally["height"] - options.from_y
            clip = {"x": 0, "y": options.from_y, "width": options.width, "height": rows, "scale": 1}
            shot = browser.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
            options.picture.write_bytes(base64.b64decode(shot["data"]))
        if options.pdf:
            pdf = browser.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
            options.pdf.write_bytes(base64.b64decode(pdf["data"]))
        browser.close()
    for line in wrong:
        print("WRONG", line)
    print(f"{tally['views']} panels at {options.width} px, {len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
