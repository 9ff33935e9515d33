Gem::Specification.new do |spec|
  spec.add_dependency "rails"
  spec.add_dependency "twilio-ruby", "~> 7"
  spec.add_development_dependency "stripe"
end
