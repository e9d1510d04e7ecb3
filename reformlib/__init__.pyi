from reformlib.analysis import Report as Report
from reformlib.analysis import compare_reports as compare_reports
from reformlib.analysis import load_report as load_report
from reformlib.errors import ReformError as ReformError
from reformlib.load.catalogue import load_catalogue as load_catalogue
from reformlib.paths import report_names as report_names
from reformlib.present import pages as pages
from reformlib.project.law import forecast as forecast

__version__: str
