// Placeholder until the first real file of this target lands.
@main struct Placeholder { static func main() {} }
