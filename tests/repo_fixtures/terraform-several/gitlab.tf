terraform {
  backend "http" {
    address = "https://gitlab.example.org/api/v4/projects/1/terraform/state/x"
  }
}
