"""The numbers that authors published beside their code: fetching their files and turning them into tables."""
