plugins { java }
repositories { mavenCentral() }
dependencies {
    implementation("com.azure:azure-identity:1.12.0")
    testImplementation("com.stripe:stripe-java:26.0.0")
    implementation("org.springframework:spring-core:6.1")
}
