html_theme = "alabaster"
fonts_css_url = "https://fonts.googleapis.com/css?family=Lato"
