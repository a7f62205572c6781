"""Scrapy's settings. Its defaults are not ours: see the reasons beside each."""

BOT_NAME = "fringewatch"
SPIDER_MODULES: list[str] = []  # spiders are made for configured sources, never looked up by name

ROBOTSTXT_OBEY = True
COOKIES_ENABLED = True  # forums without cookies put session ids into every address
METAREFRESH_ENABLED = False
REFERER_ENABLED = False
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
HTTPERROR_ALLOW_ALL = True  # a 404 is news of a deletion; the spider looks at every status
HTTPCACHE_ENABLED = False  # the frontier keeps validators

# The frontier hands out pages at each host's pace; AutoThrottle slows down further where a site answers slowly.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_MAX_DELAY = 60
RANDOMIZE_DOWNLOAD_DELAY = False

DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True  # a page cut short is an error, never a shorter thread
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
TWISTED_DNS_RESOLVER = "crawler.guard.PublicResolver"
DNS_TIMEOUT = 20

DOWNLOADER_MIDDLEWARES = {
    "crawler.guard.GuardMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.politeness.Robots": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.politeness.PatientRetry": 550,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.politeness.SameSiteRedirects": 600,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
}
EXTENSIONS_BASE: dict[str, int] = {}  # those that are switched off are loaded all the same, and a web server with them
EXTENSIONS = {
    "crawler.politeness.TextOnly": 0,
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
CONCURRENT_ITEMS = 1  # a page gives one, and Scrapy starts so many tasks for each page
ITEM_PIPELINES = {"crawler.pipeline.CommitPipeline": 100}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_ENABLED = False
LOG_INSTALL_ROOT_HANDLER = False  # the program sets up logging itself, to stderr
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the frontier knows each page once
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
