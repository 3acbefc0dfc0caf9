"""Which agents are people. Rule and figures: a browser's prefix or it is a bot, then some fifty substrings, memoised."""

import re
from functools import lru_cache

PREFIXES = ("mozilla/", "opera/")
NOT_BOTS = ("cubot",)  # a maker of telephones
SIGNS = (
    "bot", "crawl", "spider", "slurp", "+http", "headless", "phantomjs", "lighthouse", "pagespeed", "preview",
    "favicon", "archiver", "archive.org", "scan", "monitor", "uptime", "pingdom", "statuscake", "gtmetrix", "probe",
    "healthcheck", "health check", "facebookexternalhit", "meta-external", "facebookcatalog", "whatsapp", "embedly",
    "skypeuripreview", "vkshare", "feed", "rss", "fetch", "curl", "wget", "python", "httpx", "http-client",
    "httpclient", "okhttp", "java/", "ruby", "perl", "php/", "go-http", "libwww", "node-fetch", "axios", "scrapy",
    "selenium", "puppeteer", "playwright", "cypress", "validator", "checker", "sqlmap", "nikto", "nmap", "masscan",
    "wordpress", "ia_archiver", "mediapartners", "adsbot", "apis-google", "google-", "bingpreview", "yandex.com/bots",
    "semrush", "ahrefs", "dataprovider", "netcraft", "censys", "expanse", "alwaysonline", "cfnetwork",
)  # fmt: skip
CHROME, FIREFOX = re.compile(r"Chrome/(\d+)"), re.compile(r"Firefox/(\d+)")
SAFARI = re.compile(r"Version/(\d+)(?:\.(\d+))?.* Safari/")


@lru_cache(maxsize=4096)
def is_bot(agent):
    """Whether the user agent ``agent`` (may be empty) is a declared bot, script, monitor or link preview."""
    name = agent.lower()
    if not name.startswith(PREFIXES):
        return True
    for exempt in NOT_BOTS:
        name = name.replace(exempt, "")
    return any(sign in name for sign in SIGNS)


@lru_cache(maxsize=4096)
def claims_fetch_metadata(agent):
    """Whether ``agent`` claims a browser that sends ``Sec-Fetch-*`` with every https request:
    Chrome and Edge 80+, Firefox 90+, Safari 16.4+."""
    if chrome := CHROME.search(agent):  # Edge names its Chrome too
        return int(chrome[1]) >= 80
    if firefox := FIREFOX.search(agent):
        return int(firefox[1]) >= 90
    safari = SAFARI.search(agent)
    return bool(safari) and (int(safari[1]), int(safari[2] or 0)) >= (16, 4)
