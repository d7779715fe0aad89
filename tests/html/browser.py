# SPDX-License-Identifier: GPL-2.0-only
"""
A test case with a browser that has a page of --html open.

Whatever a test does, at its end the page must have written nothing to the console and asked
for nothing but itself.
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

# Generous: only a page that hangs takes it.
PATIENCE = 60


def start(width=1400, height=1200):
    options = webdriver.ChromeOptions()
    options.binary_location = '/usr/bin/chromium'
    # The tests may run as root in a container, where Chromium's sandbox does not.
    for argument in ('--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu',
                     '--force-device-scale-factor=1', f'--window-size={width},{height}'):
        options.add_argument(argument)
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL', 'performance': 'ALL'})
    return webdriver.Chrome(service=Service('/usr/bin/chromedriver'), options=options)


class PageTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix='btfbatch-html.')
        cls.addClassCleanup(cls.directory.cleanup)
        cls.tmp = pathlib.Path(cls.directory.name)
        cls.browser = start()
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self):
        self.media()
        self.browser.get('about:blank')
        for log in ('browser', 'performance'):
            self.browser.get_log(log)

    def tearDown(self):
        self.assertEqual(self.browser.get_log('browser'), [])
        messages = [json.loads(e['message'])['message'] for e in self.browser.get_log('performance')]
        asked = {m['params']['request']['url'].split('#')[0] for m in messages
                 if m['method'] in ('Network.requestWillBeSent', 'Network.webSocketCreated')}
        self.assertLessEqual(asked, {f'file://{self.tmp}/page.html', 'about:blank'})

    # -- Pages --

    def show(self, place='', **documents):
        """Opens the page of these documents."""
        arguments = []
        for name, document in documents.items():
            path = self.tmp / f'{name}.json'
            path.write_text(json.dumps(document, ensure_ascii=False), encoding='utf-8')
            arguments.append(f'{name}={path}')
        with open(self.tmp / 'page.html', 'wb') as page:
            subprocess.run([os.environ['HTMLPAGE'], *arguments], stdout=page, check=True)
        self.open(place)

    def open(self, place=''):
        self.browser.get('about:blank')
        self.browser.get(f'file://{self.tmp}/page.html{place}')

    def media(self, scheme='light', kind=''):
        self.browser.execute_cdp_cmd('Emulation.setEmulatedMedia', {
            'media': kind, 'features': [{'name': 'prefers-color-scheme', 'value': scheme}]})

    # -- What is in them --

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        found = self.all(selector)
        self.assertEqual(len(found), 1, selector)
        return found[0]

    def script(self, body, *arguments):
        return self.browser.execute_script(body, *arguments)

    def texts(self, selector):
        """In one call, whatever their number."""
        return self.script('return Array.from(document.querySelectorAll(arguments[0]), (e) => e.innerText.trim())',
                           selector)

    def column(self, table, number):
        """The cells of a column, from 1 on, of the rows on the page."""
        return self.texts(f'#{table}-table > tbody > tr:not(.detail) > :nth-child({number})')

    def wait(self, condition):
        return WebDriverWait(self.browser, PATIENCE, 0.05).until(lambda _: condition())

    # -- What a user does --

    def press(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def focused(self):
        return self.browser.switch_to.active_element

    def label(self):
        return self.focused().get_attribute('aria-label') or self.focused().text

    def tiles(self):
        """What the map's areas are called, with their (left, top, width, height) of it."""
        return self.script('''
            const map = document.querySelector('.map').getBoundingClientRect();
            return Array.from(document.querySelectorAll('.map > .area'), (tile) => {
                const r = tile.getBoundingClientRect();
                return [tile.getAttribute('aria-label'), [(r.left - map.left) / map.width,
                    (r.top - map.top) / map.height, r.width / map.width, r.height / map.height]];
            });''')

    def tile(self, name):
        """The area of the directory or module @name, or of what has the label's beginning."""
        labels = [label for label, _ in self.tiles()]
        for i, label in enumerate(labels):
            if label.startswith(name) or label.split(':')[0].split(', ')[0].endswith(f'/{name}'):
                return self.script('return document.querySelectorAll(".map > .area")[arguments[0]]', i)
        raise AssertionError(f'no area {name}: {labels}')

    def enter(self, name):
        before = self.trail()
        self.tile(name).click()
        self.wait(lambda: self.trail() != before)

    def trail(self):
        return self.texts('.trail li')
