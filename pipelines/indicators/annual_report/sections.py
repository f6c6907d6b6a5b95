"""The sections that the decree asks of the annual report, by the key that their commentary bears."""

DECREE_SECTIONS: dict[str, str] = {
    "orientations": "Orientations et projet de territoire",
    "situation": "Évolution de la situation dans les quartiers",
    "actions": "Actions de l'année",
    "resultats": "Résultats, moyens et perspectives",
    "articulation": "Articulation du social, de l'économique et de l'urbain",
    "dotation_solidarite_urbaine": "Dotation de solidarité urbaine",
    "veille_active": "Quartiers de veille active",
    "avis": "Avis des conseils municipaux et des conseils citoyens",
    "suites": "Suites données et délibération",
}
# No figure states prospects and improvements: someone must write them.
NEEDS_TEXT = {"resultats": "les perspectives et les améliorations prévues ne sont pas écrites"}
# What fills these is judged piece by piece, not by the presence of a text.
PIECES = ("avis", "suites")
