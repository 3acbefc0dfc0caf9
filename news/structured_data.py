"""schema.org NewsArticle for an edition (https://schema.org/NewsArticle; Google's article page names the fields)."""

from django.conf import settings

from news import text


def news_article(edition, masthead):
    """A dict for the JSON-LD block of ``edition``, which is live.

    ``datePublished`` is the first publication, ``dateModified`` the last public change.
    """
    url = settings.SITE_URL + edition.path
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": edition.title,
        "description": " ".join(edition.summary.split()),
        "url": url,
        "mainEntityOfPage": url,
        "datePublished": text.iso(edition.first_published_at),
        "dateModified": text.iso(edition.published_at),
        "articleSection": edition.article.category.name,
        "inLanguage": "vi",
        "isAccessibleForFree": True,
        "publisher": {
            "@type": "GovernmentOrganization",
            "name": masthead.citation_name,
            "alternateName": masthead.name,
            "url": settings.SITE_URL + "/",
        },
    }
    if edition.authors:
        data["author"] = [{"@type": "Person", "name": name} for name in edition.authors]
    if edition.share_picture:
        data["image"] = image(edition.share_picture, edition.share_words)
    return data


def image(picture, words):
    """schema.org ImageObject (https://schema.org/ImageObject): the photograph, and who is to be named with it."""
    said = {"caption": words["caption"], "creditText": words["credit"]}
    return {
        "@type": "ImageObject",
        "url": settings.SITE_URL + picture.url(),
        "width": picture.width,
        "height": picture.height,
        **{name: value for name, value in said.items() if value},
    }
