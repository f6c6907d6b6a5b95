"""The fictional objective tree: uneven on purpose, as real ones are, and which objective each title serves."""

# Code, theme, label. The tree is read off the codes. Some objectives serve no action, one serves nearly all of its
# orientation, one is a tool rather than an aim.
OBJECTIVES = (
    ("O1.1", "emploi_dev_eco", "Lever les freins à l'emploi"),
    ("O1.1.1", "emploi_dev_eco", "Préparer les candidatures"),
    ("O1.1.1.1", "emploi_dev_eco", "Tenir une CVthèque"),
    ("O1.1.2", "mobilite", "Rendre les emplois accessibles sans voiture"),
    ("O1.1.3", "emploi_dev_eco", "Maîtriser le français professionnel"),
    ("O1.2", "emploi_dev_eco", "Créer de l'activité"),
    ("O1.2.1", "emploi_dev_eco", "Accompagner les créateurs"),
    ("O1.2.2", "emploi_dev_eco", "Prospecter des investisseurs"),
    ("O1.3", "emploi_dev_eco", "Rapprocher entreprises et habitants"),
    ("O1.3.1", "emploi_dev_eco", "Développer les chantiers d'insertion"),
    ("O1.3.2", "emploi_dev_eco", "Faire découvrir les métiers"),
    ("O2.1", "education_jeunesse", "Réussir à l'école"),
    ("O2.1.1", "education_jeunesse", "Accompagner la scolarité"),
    ("O2.1.2", "culture", "Ouvrir aux sciences et aux arts"),
    ("O2.2", "enfance_famille", "Soutenir les parents"),
    ("O2.2.1", "enfance_famille", "Multiplier les moments parents-enfants"),
    ("O2.3", "education_jeunesse", "Développer le savoir-être"),
    ("O2.4", "mobilite", "Ouvrir les lycéens à l'international"),
    ("O3.1", "sante", "Prévenir"),
    ("O3.2", "sante", "Soutenir la santé mentale des jeunes"),
    ("O3.2.1", "sante", "Former des référents d'écoute"),
    ("O4.1", "cadre_de_vie", "Vivre dehors ensemble"),
    ("O4.1.1", "transition", "Cultiver et composter au pied des immeubles"),
    ("O4.1.2", "cadre_de_vie", "Tenir les espaces communs propres"),
    ("O4.2", "habitat_ru", "Bien habiter son logement"),
    ("O4.2.1", "habitat_ru", "Entretenir et réparer"),
    ("O4.2.2", "transition", "Réduire les factures d'énergie"),
    ("O4.3", "cadre_de_vie", "Faire aimer le quartier"),
    ("O5.1", "cohesion_sociale", "Développer le lien social"),
    ("O5.2", "culture", "Pratiquer la culture"),
    ("O5.2.1", "culture", "Ouvrir les pratiques artistiques"),
    ("O5.2.2", "culture", "Recueillir la mémoire des quartiers"),
    ("O5.3", "citoyennete", "Faire vivre la citoyenneté"),
    ("O5.3.1", "citoyennete", "Soutenir les conseils citoyens"),
    ("O6.1", "acces_droits", "Accéder à ses droits"),
    ("O6.1.1", "acces_droits", "Accompagner les démarches"),
    ("O6.2", "numerique", "Réduire la fracture numérique"),
    ("O6.2.1", "numerique", "Apprendre à faire seul"),
    ("O6.3", "acces_droits", "Maîtriser la langue"),
)
THEME = {code: theme for code, theme, _ in OBJECTIVES}

# The objective of each title, in the order of the titles of `lines`, orientation by orientation.
OF_TITLES = (
    ("O1.3.1", "O1.1.1", "O1.1.2", "O1.2.1", "O1.1.1", "O1.3.2", "O1.2.1", "O1.3.2", "O1.1.2", "O1.1.3"),
    ("O2.1.1", "O2.1.1", "O2.2.1", "O2.2.1", "O2.3", "O2.1.2", "O2.1.2", "O2.1.1", "O2.1.2", "O2.1.2"),
    ("O3.1", "O3.1", "O3.2", "O3.1", "O3.1", "O3.1", "O3.1", "O3.1", "O3.1"),
    ("O4.1.1", "O4.1.2", "O4.2.1", "O4.3", "O4.1.1", "O4.2.1", "O4.1.2", "O4.2.1", "O4.3"),
    ("O5.1", "O5.1", "O5.1", "O5.2.2", "O5.1", "O5.1", "O5.2.1", "O5.2.1", "O5.1", "O5.1"),
    ("O6.2.1", "O6.1.1", "O6.1.1", "O6.1.1", "O6.3", "O6.1.1", "O6.2.1", "O6.3", "O6.1.1"),
)
