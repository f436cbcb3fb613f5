"""Chromium without a window, and what comes from npm; Unavailable when one of them cannot be had."""
import base64
import json
import os
import shutil
import sys
import tempfile

SKIP = 77  # what CTest takes for "not run"

PHONE, DESKTOP = 390, 1280  # widths in CSS pixels
HEIGHT = 900


class Unavailable(Exception):
    """A sentence: what is missing."""


def npm_file(*path):
    """A file of an npm package, as text."""
    name = os.path.join(os.environ["NPM"], "node_modules", *path)
    if not os.path.exists(name):
        raise Unavailable(f"npm's {path[0] if path[0][0] != '@' else '/'.join(path[:2])} is not installed")
    with open(name, encoding="utf-8") as file:
        return file.read()


def _driver():
    try:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
    except ImportError as error:
        raise Unavailable("python3-selenium is not installed") from error
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not chromedriver:
        raise Unavailable("chromium and chromium-driver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
                     "--disable-background-networking", "--disable-component-update", "--no-first-run",
                     f"--window-size={DESKTOP},{HEIGHT}"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # which Chromium refuses to make as root
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(chromedriver))


class Browser:
    """A page at a time: shown wide or narrow, light or dark, on screen or in print."""

    def __init__(self):
        self.driver = _driver()
        self.axe = None
        self.events = []
        self.messages = []
        self.command("Network.enable")
        self.command("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def show(self, path, width=DESKTOP, scheme="light", media="screen"):
        """Loads a file; what the browser complained of, and asked the network for, is in messages and events."""
        self.look(width, scheme, media)
        self.driver.get_log("browser"), self.driver.get_log("performance")
        self.driver.get("file://" + path)
        self.messages = [entry["message"] for entry in self.driver.get_log("browser")
                         if entry["level"] in ("SEVERE", "WARNING")]
        self.events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]

    def look(self, width=DESKTOP, scheme="light", media="screen"):
        """The page that is there, otherwise."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=HEIGHT, deviceScaleFactor=1,
                     mobile=width < 500)
        self.command("Emulation.setEmulatedMedia", media=media,
                     features=[{"name": "prefers-color-scheme", "value": scheme}])

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, script, *arguments):
        """A script that calls its last argument when it is done."""
        self.driver.set_script_timeout(100)
        return self.driver.execute_async_script(script, *arguments)

    def press_tab(self):
        for kind in ("keyDown", "keyUp"):
            self.command("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)

    def pdf(self, width, height):
        """The page as printed on paper of that many inches: without an emulated medium, which would be printed instead."""
        self.command("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        return base64.b64decode(self.command("Page.printToPDF", printBackground=True, paperWidth=width,
                                             paperHeight=height)["data"])


def main(program):
    """Runs unittest's main; a missing browser is a skip that says so."""
    try:
        program()
    except Unavailable as missing:
        print(f"skipped: {missing}")
        sys.exit(SKIP)


def folder():
    return tempfile.TemporaryDirectory(prefix="hangup-browser-")
