"""The catalogues from the maker's side: what there is to translate, what is wrong with a translation, and
both brought together. `python -m bot translations` does it; `bot.templating.catalogues` reads them.
"""
