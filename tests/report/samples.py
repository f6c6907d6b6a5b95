"""What several tests of pages show: granted euros of one file, and the vote of its year."""

EUROS = {
    "accordes": [
        {
            "fichier": "actions.csv",
            "feuille": "",
            "annee": 2020,
            "montant_lu": 1234567.5,
            "montant_retenu": 1234000.0,
            "montant_ecarte": 567.5,
            "nb_illisibles": 1,
        }
    ],
    "votes": [
        {
            "annee": 2020,
            "montant_vote": 1234567.5,
            "montant_retenu": 1234000.0,
            "montant_ecarte": 567.5,
            "ecart_vote": 567.5,
        }
    ],
}
