"""Every English text that a method of progress can give, to be found in the translation catalogue."""

from reformlib.measure.progress import REASONS, RULE_SETS, aarr, destatis, linear, un_chart
from reformlib.measure.progress.result import NOT_AVAILABLE_LABEL

MESSAGES = {
    *REASONS.values(),
    aarr.DUPLICATED_YEARS,
    NOT_AVAILABLE_LABEL,
    *(
        band.judged[1]
        for rule in RULE_SETS.values()
        for band in (*rule.with_target, *rule.without_target, *rule.of_scores)
    ),
    *(judged[1] for rule in RULE_SETS.values() for judged in (rule.achieved, rule.not_achieved)),
    *(label for labels in (linear.LABELS, destatis.LABELS, un_chart.LABELS) for label in labels.values()),
}
