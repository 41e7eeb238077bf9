from superapp.kernel import outbox

from .broadcast import tell_next_followers


@outbox.task
def tell_followers(*, broadcast_id: int) -> None:
    """One batch, then a new task for the next, so that a great many followers never meet the time limit."""
    if tell_next_followers(broadcast_id=broadcast_id):
        outbox.enqueue(tell_followers, broadcast_id=broadcast_id)
