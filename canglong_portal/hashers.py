"""Passwords, compared as the eye reads them."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from news.text import nfc


class ComposedPasswordHasher(PBKDF2PasswordHasher):
    """Django's own, of the composed form of a password: one keyboard sends "ậ" as one letter, the next as two or three signs."""

    def encode(self, password, salt, iterations=None):
        return super().encode(nfc(password), salt, iterations)
