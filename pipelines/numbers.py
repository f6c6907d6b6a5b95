from pipelines.report.numbers import *
