"""Sentences of invented news that matters to nobody, in five languages, for `archive_world`; data, no code.

Patterns are filled with words of WORDS and with numbers `n` (two digits) and `m` (three).
"""

from __future__ import annotations

WORDS = {
    "town": ["Averley", "Port Callan", "Westmere", "Dunholt", "Marrick", "Saint Orme", "Lowbridge", "Tarrow", "Elmsby"],
    "name": [
        "Anna Brandt",
        "Luis Ortega",
        "Mei Tan",
        "Omar Said",
        "Greta Holm",
        "Jonas Weir",
        "Ruth Adeyemi",
        "Ivo Pak",
    ],
    "team": ["Rovers", "Harriers", "United", "Wanderers", "Gulls", "Lions", "Athletic", "Rangers"],
    "food": ["pear tart", "lentil soup", "grilled mackerel", "plum dumplings", "rye bread", "barley stew"],
    "art": ["a retrospective", "a chamber opera", "a debut novel", "a street mural", "a dance piece", "a short film"],
}

TITLES = {
    "en": [
        "{town} wakes up to {n} centimetres of snow", "{team} beat {town} after a late goal",
        "How {name} learned to love {food}", "{town} library opens its doors again", "{name} on {art} and its makers",
        "Road works in {town} to last {n} days", "{n} things to do in {town} this weekend",
    ],
    "de": ["{town} feiert den Sommer mit {n} Konzerten", "{name} kehrt nach {town} zurück"],
    "fr": ["{town} rouvre sa bibliothèque après {n} mois", "{name}, une vie à {town}"],
    "es": ["{town} celebra sus fiestas con {n} conciertos", "{name} vuelve a {town}"],
    "zh": ["{town}迎来{n}场音乐会", "{name}重返{town}"],
}  # fmt: skip

QUIET = {
    "en": {
        "sport": [
            "{team} won their match in {town} on Saturday with a goal in the {n}th minute.",
            "{name} headed in a corner to end a run of games without a win.",
            "The visitors had most of the ball before half-time but hit the post twice.",
            '"We kept our shape and waited for our moment," the coach told reporters after the whistle.',
            "A crowd of {m} braved the rain, and most of them stayed until the end.",
            "{team} stay in the middle of the table, {n} points behind the leaders.",
            "The next game is against {team} in two weeks, when {name} returns from injury.",
            "Supporters sang through the last ten minutes although the lights failed once.",
        ],
        "weather": [
            "Heavy showers moved over {town} in the night and left gardens and cellars under water.",
            "Forecasters expect temperatures of {n} degrees by the end of the week.",
            "A wind gust of {n} kilometres an hour was measured at the harbour.",
            "Trains between {town} and {town} ran late because of leaves on the line.",
            "The fire brigade was called out {n} times, mostly for fallen trees.",
            "{name}, who keeps the weather station, said it was the wettest morning since {m} records began.",
            "Schools stayed open, though some pupils arrived with wet shoes.",
            "By noon the sun was out again and the market square filled with people.",
        ],
        "culture": [
            "With {art}, the theatre in {town} opens its season on Friday.",
            "{name} has worked on the piece for {n} months, mostly at night.",
            "The stage is bare but for a ladder, a lamp and a heap of sand.",
            "Critics who saw the rehearsal praised the lights and the quiet second act.",
            "Tickets for the first {n} evenings have gone; a few seats are left on Sundays.",
            '"It began as a joke between friends," {name} said over coffee.',
            "An exhibition in the foyer shows sketches, letters and a pair of painted boots.",
            "The evening ends, as it should, with a song that everybody seems to know.",
        ],
        "food": [
            "For the {food} you need patience more than skill, says {name}.",
            "Start with {n} grams of butter and let it brown slowly in a heavy pan.",
            "Her grandmother cooked it every Sunday in a kitchen above the bakery in {town}.",
            "Add the onions, then the stock, and do not stir for a quarter of an hour.",
            "The secret is a spoon of vinegar just before serving.",
            "Leftovers keep for three days and taste better on the second.",
            "At the market in {town} a bag of good flour costs less than a cup of coffee.",
            "Serve it with dark bread, and with company if you can find any.",
        ],
        "local": [
            "The council of {town} has mended the bridge on Mill Lane, {n} days later than planned.",
            "Drivers had to take the long way round by the cemetery and the old brickworks.",
            "{name}, who runs the flower shop beside it, said she had sold fewer roses than ever.",
            "A brass band played when the first bus crossed, and somebody had baked a cake.",
            "The work cost about {m} thousand, a little less than had been set aside.",
            "Next year the swings in the park are to be painted, if volunteers can be found.",
            "Residents also asked for a bench at the stop, where the wind comes straight from the river.",
            "A public meeting in the school hall drew {n} people and ended in laughter.",
        ],
    },
    "de": {
        "lokales": [
            "In {town} hat am Samstag das Sommerfest mit {n} Ständen und viel Musik begonnen.",
            "{name} stand schon am frühen Morgen in der Küche und rührte den Teig für die Waffeln.",
            "Am Nachmittag zog ein Gewitter über den Marktplatz, doch die meisten Besucher blieben.",
            "Der Bürgermeister dankte den Helfern, die seit Wochen jeden Abend geprobt hatten.",
            "Für Kinder gab es ein Karussell, eine Schnitzeljagd und sehr viel Zuckerwatte.",
            "Die Blaskapelle spielte bis in die Nacht, und niemand beschwerte sich über den Lärm.",
            "Im nächsten Jahr soll das Fest wieder am Fluss stattfinden, wenn das Wasser nicht zu hoch steht.",
        ],
    },
    "fr": {
        "local": [
            "À {town}, la bibliothèque a rouvert ses portes samedi après {n} mois de travaux.",
            "{name} y travaille depuis vingt ans et connaît presque tous les lecteurs par leur prénom.",
            "Les enfants ont découvert une salle de lecture lumineuse qui donne sur le jardin.",
            "Le maire a remercié les bénévoles qui ont porté les livres pendant tout l'hiver.",
            "Une petite exposition raconte l'histoire du bâtiment et de ses anciens habitants.",
            "Le soir, un concert a réuni plus de {m} personnes malgré la pluie.",
            "Les horaires restent les mêmes, avec une soirée supplémentaire le jeudi.",
        ],
    },
    "es": {
        "local": [
            "Las fiestas de {town} empezaron el sábado con {n} conciertos y mucha gente en la plaza.",
            "{name} preparó durante toda la noche la comida para los vecinos de su calle.",
            "Por la tarde llovió un poco, pero casi nadie quiso volver a casa.",
            "La alcaldesa dio las gracias a los voluntarios que montaron el escenario.",
            "Los niños jugaron junto al río hasta que se hizo de noche.",
            "La banda tocó las canciones de siempre y más de {m} personas cantaron con ella.",
            "El próximo año la fiesta volverá a celebrarse en el mismo lugar.",
        ],
    },
    "zh": {
        "本地": [
            "{town}的夏日音乐节星期六开幕，共有{n}支乐队参加演出。",
            "{name}从清晨就开始在厨房里忙碌，为邻居们准备早餐。",
            "下午下了一场小雨，不过大多数观众都没有离开广场。",
            "主办方感谢所有志愿者，他们为这次活动准备了好几个星期。",
            "孩子们在河边做游戏，一直玩到天黑才回家。",
            "晚上的演出吸引了{m}名观众，大家一起唱起了熟悉的歌曲。",
            "明年的音乐节还会在同一个地方举行。",
        ],
    },
}
