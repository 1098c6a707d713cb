"""Looks at the simulator's page in a headless Chromium, driven through chromedriver.

Called by `page.rs` as `page.py URL SCREENSHOT`. Prints `loaded` once the page is live, reads the id of a standby that
was made in the meantime from standard input, and expects it on the page without a reload.
"""

import base64
import json
import subprocess
import sys
import time
import urllib.request

URL, SCREENSHOT = sys.argv[1:]
WIDE, NARROW = (1280, 900), (360, 780)

driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
for line in driver.stdout:
    if "started successfully on port" in line:
        PORT = int(line.rstrip(".\n").rsplit(" ", 1)[1])
        break


def command(method, path, body=None):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", method=method)
    request.add_header("content-type", "application/json")
    data = None if method == "GET" else json.dumps(body or {}).encode()
    with urllib.request.urlopen(request, data=data, timeout=60) as response:
        return json.load(response)["value"]


options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]}
capabilities = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
session = "/session/" + command("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})["sessionId"]


def run(script):
    return command("POST", f"{session}/execute/sync", {"script": f"return {script}", "args": []})


def devtools(name, **parameters):
    return command("POST", f"{session}/goog/cdp/execute", {"cmd": name, "params": parameters})


def wait(script, what):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := run(script):
            return found
        time.sleep(0.05)
    raise AssertionError(f"it never comes to hold: {what}\n{run('document.body.innerText')}")


def size(width, height):
    devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)


def screenshot(path):
    with open(path, "wb") as file:
        file.write(base64.b64decode(command("GET", f"{session}/screenshot")))


try:
    size(*WIDE)
    command("POST", f"{session}/url", {"url": URL})
    wait("document.getElementById('live').className == 'on'", "the page is live")
    run("window.wasNotReloaded = true")
    print("loaded", flush=True)
    id = sys.stdin.readline().strip()
    row = f"[...document.querySelectorAll('#workspaces tr')].find(row => row.innerText.includes('{id}'))"
    text = wait(f"{row}?.innerText", "the standby is shown")
    wait(f"{row}?.innerText.match(/AVAILABLE/g)?.length == 2", "both the primary and the standby are ready")
    assert run("window.wasNotReloaded"), "the page was reloaded"
    assert "ws-0primary1" in text and "us-west-2" in text, text
    calls = run("document.getElementById('calls').innerText")
    assert "CreateStandbyWorkspaces" in calls and "user/" in calls, calls
    devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    light = run("getComputedStyle(document.body).backgroundColor")
    screenshot(SCREENSHOT)
    devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    dark = run("getComputedStyle(document.body).backgroundColor")
    assert light == "rgb(255, 255, 255)" and dark != light, (light, dark)
    size(*NARROW)
    width = run("document.documentElement.scrollWidth")
    assert width <= NARROW[0], f"the page is {width} pixels wide"
    log = [entry for entry in command("POST", f"{session}/se/log", {"type": "browser"}) if entry["level"] == "SEVERE"]
    assert not log, log
    # Without JavaScript it is a plain page with the same tables.
    devtools("Emulation.setScriptExecutionDisabled", value=True)
    command("POST", f"{session}/url", {"url": URL})
    found = command("POST", f"{session}/element", {"using": "css selector", "value": "#workspaces table"})
    text = command("GET", f"{session}/element/{next(iter(found.values()))}/text")
    assert id in text, text
finally:
    command("DELETE", session)
    driver.terminate()
