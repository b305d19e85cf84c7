"""The failure an analyst can do something about; apart, so that naming it does not load pandas."""


class JobFailed(Exception):  # noqa: N818 – what the flow's state is called
    """The whole period is meaningless or cannot be published. The Vietnamese message says what to do.

    `passing`: what stopped it may be over in a minute (a network share that does not answer): worth another try.
    """

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class NothingArrived(JobFailed):
    """No file of the period, or none with a count: nothing to score yet. A scheduled run waits."""
