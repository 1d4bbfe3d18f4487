/// What names, titles, tags and languages are made of.
enum Words {
  static let firstNames = [
    "Ada", "Aïcha", "Amélie", "Ben", "Björn", "Camille", "Chen", "Chloé", "Dara", "Elif", "Emma",
    "Fatou", "Giulia", "Hana", "Hugo", "Ines", "Jakub", "João", "Karim", "Lea", "Léo", "Lucas",
    "Mai", "Manon", "Marie", "Mateo", "Mehdi", "Nina", "Noah", "Olga", "Paul", "Priya", "Rosa",
    "Sami", "Sofia", "Tom", "Uma", "Yuki", "Zoé", "Łukasz",
  ]

  static let lastNames = [
    "Andersson", "Bernard", "Dubois", "Durand", "Dupont", "Fischer", "García", "Haddad", "Ivanova",
    "Jansen", "Kowalski", "Lambert", "Laurent", "Lefèvre", "Leroy", "Martin", "Mercier", "Meyer",
    "Moreau", "Müller", "Nguyen", "Novák", "O'Brien", "Okafor", "Petit", "Rossi", "Roux", "Sato",
    "Schmidt", "Silva", "Simon", "Singh", "Smith", "Thomas", "Tremblay", "Vidal", "Weber", "Yılmaz",
  ]

  static let subjects = [
    "onboarding", "first aid", "negotiation", "spreadsheets", "data protection", "public speaking",
    "project planning", "customer service", "cyber security", "leadership", "accounting",
    "machine safety", "sales calls", "inclusive hiring", "time management", "feedback",
    "contract law", "statistics", "quality control", "writing", "conflict resolution",
    "product launch", "budgeting", "remote work", "fire safety", "coaching", "logistics",
    "procurement", "design basics", "energy saving",
  ]

  static let forms = [
    "Introduction to", "The essentials of", "Advanced", "Practical", "A short course in",
    "Refresher:", "Mastering", "Ten lessons on", "Workshop:", "Questions about",
  ]

  static let tags = [
    "mandatory", "new-hires", "managers", "sales", "support", "engineering", "finance", "legal",
    "hr", "compliance", "safety", "it", "beginner", "intermediate", "expert", "video", "quiz",
    "certificate", "2023", "2024", "2025", "france", "germany", "spain", "italy", "emea", "apac",
    "soft-skills", "tools", "process", "product", "quality", "security", "health", "field",
    "remote", "pilot", "archive", "popular", "short",
  ]

  static let languages = [
    "en", "fr", "de", "es", "it", "pt-BR", "nl", "pl", "ja", "zh-Hans", "ar", "sv", "cs", "tr",
  ]
}
